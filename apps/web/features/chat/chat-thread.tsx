'use client'
import type { MessageView, ToolCallView } from '@clawbernetes/protocol/views/chat'
import { useMutation } from '@tanstack/react-query'
import { usePathname } from 'next/navigation'
import { useCallback, useState } from 'react'
import { useChatDock, type ChatContextChip } from '@/features/shell/chat-dock'
import { toApiError, useTRPC } from '@/trpc/client'
import { Button } from '@/ui/button'
import { InlineError } from '@/ui/inline-error'
import { SkeletonRows } from '@/ui/skeleton'
import { Spinner } from '@/ui/spinner'
import { ChatMessage } from './chat-message'
import { Composer } from './composer'
import { ContextChips } from './context-chips'
import { EmptyChat } from './empty-chat'
import { toPageContext } from './page-context'
import { useStream } from './stream-store'
import { ToolTrace } from './tool-trace'
import { usePinnedScroll } from './use-pinned-scroll'
import { type Outgoing, useSend, useThread } from './use-thread'

const NO_MESSAGES: MessageView[] = []

function OutgoingMessage({
  message,
  onRetry,
  onTakeBack,
}: {
  message: Outgoing
  onRetry: () => void
  onTakeBack: () => void
}) {
  return (
    <div className="mb-4">
      <p>
        <strong>You</strong> <span className="text-xs text-muted">{message.state === 'sending' ? 'sending…' : ''}</span>
      </p>
      <p className="break-words whitespace-pre-wrap">{message.text}</p>
      {message.state === 'failed' ? (
        <InlineError
          className="mt-1"
          title="This message was not sent"
          detail={message.error}
          onRetry={onRetry}
          extraAction={
            <Button size="sm" onClick={onTakeBack}>
              Take back
            </Button>
          }
        />
      ) : null}
    </div>
  )
}

/** The page one is on goes along as a chip until it is removed; it comes back with the next page. */
function usePageChips(): { chips: ChatContextChip[]; remove: (chip: ChatContextChip) => void; clear: () => void } {
  const dock = useChatDock()
  const pathname = usePathname()
  const [dismissedPage, setDismissedPage] = useState<string | null>(null)
  const pageChip: ChatContextChip | null =
    pathname.startsWith('/chat') || dismissedPage === pathname ? null : { kind: 'page', id: pathname, label: pathname }
  // A page may hand over what it is about already: each thing is sent, and shown, once.
  const chips = [pageChip, ...dock.ambient, ...dock.chips]
    .filter((chip) => chip !== null)
    .filter((chip, at, all) => all.findIndex((other) => other.kind === chip.kind && other.id === chip.id) === at)
  return {
    chips,
    remove: (chip) => (chip.kind === 'page' ? setDismissedPage(pathname) : dock.removeChip(chip)),
    clear: dock.clearChips,
  }
}

type ChatThreadProps = { threadId: string | null; onThread: (threadId: string) => void }

export function ChatThread({ threadId, onThread }: ChatThreadProps) {
  const trpc = useTRPC()
  const dock = useChatDock()
  const thread = useThread(threadId)
  const sender = useSend(threadId, onThread)
  useStream()
  const { chips, remove, clear } = usePageChips()
  const stop = useMutation(trpc.chat.stop.mutationOptions({ onSettled: thread.refresh }))
  const messages = thread.data?.messages ?? NO_MESSAGES
  const { scrollRef, contentRef, unseen, toBottom } = usePinnedScroll(messages.length)
  const refresh = thread.refresh
  const onHole = useCallback(() => refresh(), [refresh])

  const send = (text: string) => {
    sender.send(text, toPageContext(chips))
    clear()
    toBottom()
  }
  const last = messages.at(-1)
  const running = (thread.data?.activeRun ?? null) !== null
  // Before its first words an answer is only its steps; afterwards the message carries them.
  const activeRun = last?.role === 'agent' && last.state === 'streaming' ? null : (thread.data?.activeRun ?? null)
  const lastOwn = messages.findLast((message) => message.role === 'user')?.text ?? null
  const failedQuestion = last?.state === 'failed' ? lastOwn : null
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="relative min-h-0 flex-1">
        <div
          ref={scrollRef}
          role="log"
          aria-live="polite"
          aria-label="Conversation"
          tabIndex={0}
          className="absolute inset-0 overflow-y-auto overscroll-contain px-3 py-3 focus-visible:-outline-offset-2"
        >
          <div ref={contentRef}>
            <ThreadBody thread={thread} threadId={threadId} hasOutgoing={sender.outgoing !== null} onPick={send} />
            {messages.map((message) => (
              <ChatMessage
                key={message.id}
                message={message}
                isLast={message === last}
                onAnswer={send}
                onHole={onHole}
                onRetry={failedQuestion ? () => send(failedQuestion) : undefined}
              />
            ))}
            {sender.outgoing ? (
              <OutgoingMessage message={sender.outgoing} onRetry={sender.retry} onTakeBack={sender.takeBack} />
            ) : null}
            {activeRun ? <ActiveRun calls={activeRun.toolCalls} /> : null}
          </div>
        </div>
        {unseen > 0 ? (
          <Button size="sm" onClick={toBottom} className="absolute bottom-2 left-1/2 -translate-x-1/2 shadow-overlay">
            <span aria-hidden="true">↓</span> {unseen} new
          </Button>
        ) : null}
      </div>
      <div className="shrink-0 border-t border-line bg-bg px-3 py-2.5">
        <ContextChips chips={chips} onRemove={remove} />
        <Composer
          key={`${threadId ?? 'new'}:${dock.draft.key}`}
          threadId={threadId}
          seed={dock.draft.text}
          onSeedTaken={dock.clearDraft}
          busy={sender.outgoing?.state === 'sending'}
          running={running}
          lastSent={lastOwn}
          onSend={send}
          onStop={() => threadId && stop.mutate({ threadId })}
          stopNote={running ? 'Stop ends the answer. Plans that were approved keep running.' : null}
        />
      </div>
    </div>
  )
}

function Earlier({ thread }: { thread: ReturnType<typeof useThread> }) {
  return (
    <div className="mb-3 text-center">
      <Button size="sm" onClick={thread.loadEarlier} pending={thread.loadingEarlier}>
        Show earlier messages
      </Button>
    </div>
  )
}

function ActiveRun({ calls }: { calls: readonly ToolCallView[] }) {
  return (
    <div className="mb-4">
      <p>
        <strong className="text-agent">
          <span aria-hidden="true">✦ </span>Agent
        </strong>
      </p>
      <ToolTrace calls={calls} />
      <p className="flex items-center gap-2 text-muted">
        <Spinner />
        {calls.length === 0 ? 'Looking into it…' : 'Working…'}
      </p>
    </div>
  )
}

type ThreadBodyProps = {
  thread: ReturnType<typeof useThread>
  threadId: string | null
  hasOutgoing: boolean
  onPick: (text: string) => void
}

function ThreadBody({ thread, threadId, hasOutgoing, onPick }: ThreadBodyProps) {
  if (threadId === null) return hasOutgoing ? null : <EmptyChat onPick={onPick} />
  if (thread.error && !thread.data) {
    const { message, requestId } = toApiError(thread.error)
    return (
      <InlineError
        title="This conversation could not be loaded"
        detail={message}
        requestId={requestId ?? undefined}
        onRetry={() => void thread.refetch()}
        retrying={thread.isFetching}
      />
    )
  }
  if (thread.data?.more) return <Earlier thread={thread} />
  return thread.data ? null : <SkeletonRows rows={5} label="Loading conversation" />
}
