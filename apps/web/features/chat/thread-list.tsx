'use client'
import type { ThreadView } from '@clawbernetes/protocol/views/chat'
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { Search } from 'lucide-react'
import { parseAsBoolean, parseAsString, useQueryStates } from 'nuqs'
import { useRef, type KeyboardEvent } from 'react'
import { useSession } from '@/features/identity/session'
import { useRoomRefresh } from '@/features/live/use-live'
import { toApiError, useTRPC } from '@/trpc/client'
import { Badge } from '@/ui/badge'
import { Button } from '@/ui/button'
import { RelativeTime } from '@/ui/clock'
import { cn } from '@/ui/cn'
import { inputClass } from '@/ui/field'
import { InlineError } from '@/ui/inline-error'
import { SkeletonRows } from '@/ui/skeleton'
import { useDebounced } from '@/ui/use-debounced'
import { channelName } from './channel-name'
import { ThreadActions } from './thread-actions'
import { ThreadState, UnreadMark } from './thread-state'

const SEARCH_PAUSE_MS = 200
const SHOWN = 60

/** Searching, and whether the archive is shown, are part of the address. */
function useThreadFilter() {
  return useQueryStates({
    q: parseAsString.withDefault(''),
    archived: parseAsBoolean.withDefault(false),
  })
}

/** j and k, or the arrows, move between rows; the rows are links, so Enter opens. */
function moveInList(event: KeyboardEvent<HTMLUListElement>): void {
  const by = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key]
  if (by === undefined || event.metaKey || event.ctrlKey || event.altKey) return
  const links = [...event.currentTarget.querySelectorAll<HTMLAnchorElement>('a[href]')]
  const at = links.findIndex((link) => link === document.activeElement)
  const next = links[at + by]
  if (!next) return
  event.preventDefault()
  next.focus()
}

type ThreadListProps = { threadId: string | null; onOpen: (threadId: string) => void }

/** All conversations of the organisation, the last used first. */
export function ThreadList({ threadId, onOpen }: ThreadListProps) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const { organization } = useSession()
  const [filter, setFilter] = useThreadFilter()
  const search = useDebounced(filter.q, SEARCH_PAUSE_MS)
  const threads = useQuery({
    ...trpc.chat.threads.queryOptions({ search, archived: filter.archived, limit: SHOWN }),
    placeholderData: keepPreviousData,
  })
  useRoomRefresh(`org:${organization.id}`, () => void queryClient.invalidateQueries(trpc.chat.threads.queryFilter()), {
    everyMs: 1000,
    accepts: (event) => event.kind.startsWith('thread.') || event.kind.startsWith('plan.'),
  })
  const list = useRef<HTMLUListElement>(null)
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="grid gap-2 border-b border-line p-2">
        <div className="relative">
          <Search aria-hidden="true" className="absolute top-1/2 left-2.5 size-3.5 -translate-y-1/2 text-muted" />
          <input
            type="search"
            data-filter=""
            value={filter.q}
            onChange={(event) => void setFilter({ q: event.target.value || null })}
            onKeyDown={(event) => {
              if (event.key !== 'ArrowDown') return
              event.preventDefault()
              list.current?.querySelector<HTMLAnchorElement>('a[href]')?.focus()
            }}
            placeholder="Search conversations…"
            aria-label="Search conversations"
            className={cn(inputClass, 'pl-8')}
          />
        </div>
        <div role="group" aria-label="Which conversations" className="flex gap-1">
          {[false, true].map((archived) => (
            <Button
              key={String(archived)}
              size="sm"
              variant={filter.archived === archived ? 'secondary' : 'ghost'}
              aria-pressed={filter.archived === archived}
              onClick={() => void setFilter({ archived: archived || null })}
            >
              {archived ? 'Archived' : 'Current'}
            </Button>
          ))}
        </div>
      </div>
      <p role="status" className="sr-only">
        {filter.q && threads.data && !threads.isFetching ? `${threads.data.length} conversations found` : ''}
      </p>
      <div className="min-h-0 flex-1 overflow-y-auto">
        <ThreadListState threads={threads} filter={filter} onClear={() => void setFilter({ q: null })} />
        <ul ref={list} aria-label="Conversations" onKeyDown={moveInList} className="m-0 list-none p-0">
          {threads.data?.map((thread) => (
            <ThreadRow key={thread.id} thread={thread} current={thread.id === threadId} onOpen={onOpen} />
          ))}
        </ul>
      </div>
    </div>
  )
}

type ListStateProps = {
  threads: { data: ThreadView[] | undefined; error: unknown; refetch: () => unknown; isFetching: boolean }
  filter: { q: string; archived: boolean }
  onClear: () => void
}

function ThreadListState({ threads, filter, onClear }: ListStateProps) {
  if (threads.error && !threads.data)
    return (
      <InlineError
        className="m-2"
        title="The conversations could not be loaded"
        detail={toApiError(threads.error).message}
        onRetry={() => void threads.refetch()}
        retrying={threads.isFetching}
      />
    )
  if (!threads.data) return <SkeletonRows rows={6} label="Loading conversations" className="p-2" />
  if (threads.data.length > 0) return null
  if (filter.q)
    return (
      <div className="grid justify-items-start gap-2 p-3">
        <p className="text-muted">No conversation has “{filter.q}” in its title or messages.</p>
        <Button size="sm" onClick={onClear}>
          Clear search
        </Button>
      </div>
    )
  return (
    <p className="p-3 text-muted">
      {filter.archived ? 'Nothing is archived.' : 'No conversations yet. The first message starts one.'}
    </p>
  )
}

function ThreadRow({
  thread,
  current,
  onOpen,
}: {
  thread: ThreadView
  current: boolean
  onOpen: (threadId: string) => void
}) {
  const channel = channelName(thread.channel)
  // Who reads it now has seen it, whatever the list still says.
  const unread = thread.unread && !current
  return (
    <li className={cn('relative flex items-start border-b border-line', current && 'bg-info-tint')}>
      <a
        href={`/chat/${thread.id}`}
        aria-current={current ? 'true' : undefined}
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return
          event.preventDefault()
          onOpen(thread.id)
        }}
        className="grid min-h-11 min-w-0 flex-1 gap-0.5 px-3 py-2 no-underline hover:bg-pend-tint focus-visible:-outline-offset-2"
      >
        <span className="flex min-w-0 items-center gap-1.5">
          {unread ? <UnreadMark label="Unread: " /> : null}
          <span className={cn('truncate', unread && 'font-semibold')}>{thread.title}</span>
        </span>
        {thread.excerpt ? <span className="truncate text-xs text-muted">{thread.excerpt}</span> : null}
        <span className="flex flex-wrap items-center gap-x-2 text-xs text-muted">
          {thread.createdBy.name} · <RelativeTime value={thread.updatedAt} />
          {channel ? <Badge>{channel}</Badge> : null}
          <ThreadState state={thread.state} />
        </span>
      </a>
      <span className="p-1">
        <ThreadActions thread={thread} small />
      </span>
    </li>
  )
}
