'use client'
import type { ThreadView } from '@clawbernetes/protocol/views/chat'
import { useQuery } from '@tanstack/react-query'
import { ChevronDown } from 'lucide-react'
import { useTRPC } from '@/trpc/client'
import { Button } from '@/ui/button'
import { RelativeTime } from '@/ui/clock'
import { Menu, MenuItem, MenuLabel } from '@/ui/menu'
import { StatusText, type Tone } from '@/ui/status-pill'

const STATES = {
  idle: null,
  running: { tone: 'info', shape: '◐', word: 'Running' },
  'needs-approval': { tone: 'warn', shape: '◷', word: 'Needs approval' },
  failed: { tone: 'crit', shape: '◆', word: 'Failed' },
} as const satisfies Record<ThreadView['state'], { tone: Tone; shape: string; word: string } | null>

export function ThreadState({ state }: { state: ThreadView['state'] }) {
  const known = STATES[state]
  return known ? (
    <StatusText tone={known.tone} shape={known.shape} className="text-xs">
      {known.word}
    </StatusText>
  ) : null
}

/** The conversation shown now, and the way to others. */
export function ThreadMenu({
  threadId,
  onOpen,
}: {
  threadId: string | null
  onOpen: (threadId: string | null) => void
}) {
  const trpc = useTRPC()
  const threads = useQuery(trpc.chat.threads.queryOptions({}))
  const current = threads.data?.find((thread) => thread.id === threadId)
  const title = threadId === null ? 'New conversation' : (current?.title ?? 'Conversation')
  const trigger = (
    <Button variant="ghost" size="sm" className="min-w-0 flex-1 justify-start font-semibold">
      <span className="truncate">{title}</span>
      <ChevronDown aria-hidden="true" className="size-3.5 shrink-0 text-muted" />
    </Button>
  )
  return (
    <Menu trigger={trigger} label="Conversations" className="w-[min(360px,calc(100vw-24px))]">
      {threads.data?.length === 0 ? <MenuLabel>No conversations yet</MenuLabel> : null}
      {threads.data?.map((thread) => (
        <MenuItem key={thread.id} onSelect={() => onOpen(thread.id)} className="h-auto flex-wrap py-1.5">
          <span className="w-full truncate">{thread.title}</span>
          <span className="flex gap-2 text-xs text-muted">
            {thread.createdBy.name} · <RelativeTime value={thread.updatedAt} /> <ThreadState state={thread.state} />
          </span>
        </MenuItem>
      ))}
    </Menu>
  )
}
