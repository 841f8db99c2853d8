'use client'
import { toApiError } from '@/trpc/client'
import { Button } from '@/ui/button'
import { EmptyState } from '@/ui/empty-state'
import { InlineError } from '@/ui/inline-error'
import { SkeletonRows } from '@/ui/skeleton'
import { EmptyChat } from './empty-chat'
import type { useThread } from './use-thread'

/** A conversation that was removed, or one of another organisation: the two are told alike. */
export function ThreadMissing({ onNew }: { onNew: () => void }) {
  return (
    <div className="grid min-h-0 flex-1 place-items-center p-4">
      <EmptyState
        title="This conversation is not here"
        action={
          <Button variant="primary" onClick={onNew}>
            New conversation
          </Button>
        }
      >
        It may have been removed, or it belongs to another organisation. The address may also be mistyped.
      </EmptyState>
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

type ThreadBodyProps = {
  thread: ReturnType<typeof useThread>
  threadId: string | null
  hasOutgoing: boolean
  onPick: (text: string) => void
}

/** What stands above the messages: nothing yet, a failure, or the way to older ones. */
export function ThreadBody({ thread, threadId, hasOutgoing, onPick }: ThreadBodyProps) {
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
  return thread.data || hasOutgoing ? null : <SkeletonRows rows={5} label="Loading conversation" />
}
