'use client'
import type { MessageView } from '@clawbernetes/protocol/views/chat'
import { useMutation } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState, type KeyboardEvent } from 'react'
import { useLookingAt } from '@/features/live/use-presence'
import { useChatDock } from '@/features/shell/chat-dock'
import { useTRPC } from '@/trpc/client'
import { Button } from '@/ui/button'
import { ActiveRun } from './active-run'
import { preloadBlocks } from './blocks/block-view'
import { ChatMessage } from './chat-message'
import { Composer } from './composer'
import { ContextChips } from './context-chips'
import { OutgoingMessage } from './outgoing-message'
import { nextWordsOf, openChoice, optionOf } from './open-choice'
import { toPageContext } from './page-context'
import { useEarlyMessage, useStream } from './stream-store'
import { ThreadBody, ThreadMissing } from './thread-body'
import { usePageChips } from './use-page-chips'
import { usePinnedScroll } from './use-pinned-scroll'
import { useSend } from './use-send'
import { useMarkRead, useThread } from './use-thread'

const NO_MESSAGES: MessageView[] = []
/** The buttons of a question stay for a moment after they were pressed. */
const DOUBLE_CLICK_MS = 1000

type ChatThreadProps = {
  threadId: string | null
  onThread: (threadId: string) => void
  onNew: () => void
}

/** A conversation: what was said, what is being done, and where to say more. */
export function ChatThread(props: ChatThreadProps) {
  const thread = useThread(props.threadId)
  if (thread.missing) return <ThreadMissing onNew={props.onNew} />
  return <OpenThread {...props} thread={thread} />
}

function useConversation({ threadId, onThread, thread }: ChatThreadProps & { thread: ReturnType<typeof useThread> }) {
  const page = usePageChips()
  const sender = useSend(threadId, onThread)
  const messages = thread.data?.messages ?? NO_MESSAGES
  const scroll = usePinnedScroll(messages.length)
  const { send: deliver } = sender
  // The conversation shows the message now: what was kept until then goes.
  const outgoing =
    sender.outgoing && messages.some((message) => message.id === sender.outgoing?.messageId) ? null : sender.outgoing

  const send = (text: string, clientKey?: string) => {
    deliver(text, toPageContext(page.chips), clientKey)
    page.clear()
    requestAnimationFrame(scroll.toBottom)
  }
  const latest = useRef(send)
  useEffect(() => {
    latest.current = send
  })
  const lastAnswer = useRef({ clientKey: '', atMs: 0 })
  /** The key is the question's own: two tabs or two people that answer at once give one answer, and so does a double click. */
  const answer = useCallback((messageId: string, blockIndex: number, text: string) => {
    const clientKey = `choice:${messageId}:${blockIndex}`
    const { clientKey: lastKey, atMs } = lastAnswer.current
    if (lastKey === clientKey && Date.now() - atMs < DOUBLE_CLICK_MS) return
    lastAnswer.current = { clientKey, atMs: Date.now() }
    latest.current(text, clientKey)
  }, [])
  return { page, sender, outgoing, messages, scroll, send, answer }
}

/** A composer for each conversation; the one in which a conversation began goes on with it and keeps the focus. */
function useComposerKey(threadId: string | null, sending: boolean): string {
  const dock = useChatDock()
  const [slot, setSlot] = useState({ threadId, number: 0 })
  if (slot.threadId !== threadId) {
    const began = slot.threadId === null && sending
    setSlot({ threadId, number: began ? slot.number : slot.number + 1 })
  }
  return `${slot.number}:${dock.draft.key}`
}

function OpenThread(props: ChatThreadProps & { thread: ReturnType<typeof useThread> }) {
  const { threadId, thread } = props
  const conversation = useConversation(props)
  const { outgoing, messages, answer } = conversation
  useStream()
  useLookingAt(threadId === null ? null : `thread:${threadId}`)
  useMarkRead(threadId, messages.at(-1)?.seq ?? 0)
  useEffect(() => {
    const timer = setTimeout(preloadBlocks, 300)
    return () => clearTimeout(timer)
  }, [])
  const choice = outgoing ? null : openChoice(messages)
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (!choice || event.metaKey || event.ctrlKey || event.altKey || event.repeat || !/^[1-9]$/.test(event.key)) return
    if (event.target instanceof HTMLElement && event.target.closest('input, textarea, select, [role="dialog"]')) return
    const option = choice.block.options[Number(event.key) - 1]
    if (!option) return
    event.preventDefault()
    answer(choice.messageId, choice.blockIndex, option.send)
  }
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <MessageLog threadId={threadId} thread={thread} conversation={conversation} onKeyDown={onKeyDown} />
      <ThreadFooter threadId={threadId} thread={thread} conversation={conversation} choice={choice} />
    </div>
  )
}

type Part = {
  threadId: string | null
  thread: ReturnType<typeof useThread>
  conversation: ReturnType<typeof useConversation>
}

/** Everything said, the newest at the end, and what the agent is doing now. */
function MessageLog({
  threadId,
  thread,
  conversation,
  onKeyDown,
}: Part & { onKeyDown: (event: KeyboardEvent<HTMLElement>) => void }) {
  const { sender, outgoing, messages, scroll, send, answer } = conversation
  const { scrollRef, contentRef } = scroll
  const refresh = thread.refresh
  const onHole = useCallback(() => refresh(), [refresh])
  const last = messages.at(-1)
  // Before its first words an answer is only its steps; afterwards the message carries them.
  const early = useEarlyMessage(threadId, messages)
  // In the place where the stored answer will stand, so that nothing is drawn anew when it comes.
  const shown = early && !outgoing ? [...messages, early] : messages
  const writing = early !== null || (last?.role === 'agent' && last.state === 'streaming')
  const activeRun = writing ? null : (thread.data?.activeRun ?? null)
  const failedQuestion = last?.state === 'failed' ? lastOwnWords(messages) : null
  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={scrollRef}
        role="log"
        aria-live="polite"
        aria-label="Conversation"
        tabIndex={0}
        onKeyDown={onKeyDown}
        className="absolute inset-0 overflow-y-auto overscroll-contain px-3 py-3 focus-visible:-outline-offset-2"
      >
        <div ref={contentRef} className="talk">
          <ThreadBody thread={thread} threadId={threadId} hasOutgoing={outgoing !== null} onPick={send} />
          {shown.map((message, index) => (
            <ChatMessage
              key={message.id}
              message={message}
              isLast={index === shown.length - 1 && outgoing === null}
              nextWords={nextWordsOf(messages, index) ?? outgoing?.text ?? null}
              onAnswer={answer}
              onHole={onHole}
              onRetry={failedQuestion ? () => send(failedQuestion) : undefined}
            />
          ))}
          {outgoing ? <OutgoingMessage message={outgoing} onRetry={sender.retry} onTakeBack={sender.takeBack} /> : null}
          {early && outgoing ? (
            <ChatMessage message={early} isLast nextWords={null} onAnswer={answer} onHole={onHole} />
          ) : null}
          {activeRun || (outgoing?.state === 'sent' && !early) ? (
            <ActiveRun calls={activeRun?.toolCalls ?? []} />
          ) : null}
        </div>
      </div>
      {scroll.unseen > 0 ? (
        <Button
          size="sm"
          onClick={scroll.toBottom}
          className="absolute bottom-2 left-1/2 -translate-x-1/2 shadow-overlay"
        >
          <span aria-hidden="true">↓</span> {scroll.unseen} new
        </Button>
      ) : null}
    </div>
  )
}

const lastOwnWords = (messages: readonly MessageView[]): string | null =>
  messages.findLast((message) => message.role === 'user')?.text ?? null

/** What goes along, and where to write. */
function ThreadFooter({ threadId, thread, conversation, choice }: Part & { choice: ReturnType<typeof openChoice> }) {
  const trpc = useTRPC()
  const dock = useChatDock()
  const { page, sender, outgoing, messages, send, answer } = conversation
  const stop = useMutation(trpc.chat.stop.mutationOptions({ onSettled: thread.refresh }))
  const composerKey = useComposerKey(threadId, sender.outgoing !== null)
  const running = (thread.data?.activeRun ?? null) !== null
  const onSend = (text: string) => {
    if (choice && optionOf(choice.block.options, text)) answer(choice.messageId, choice.blockIndex, text)
    else send(text)
  }
  return (
    <div className="shrink-0 border-t border-line bg-bg px-3 py-2.5">
      <ContextChips chips={page.chips} onRemove={page.remove} />
      <Composer
        key={composerKey}
        threadId={threadId}
        seed={dock.draft.text}
        onSeedTaken={dock.clearDraft}
        busy={outgoing?.state === 'sending'}
        running={running}
        lastSent={lastOwnWords(messages)}
        options={choice?.block.options ?? []}
        onSend={onSend}
        onStop={() => threadId && stop.mutate({ threadId })}
        stopNote={running ? 'Stop ends the answer. Plans that were approved keep running.' : null}
      />
    </div>
  )
}
