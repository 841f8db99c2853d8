'use client'
import { useQuery } from '@tanstack/react-query'
import { ChevronDown, List } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useTRPC } from '@/trpc/client'
import { Button } from '@/ui/button'
import { RelativeTime } from '@/ui/clock'
import { Menu, MenuItem, MenuLabel, MenuSeparator } from '@/ui/menu'
import { channelName } from './channel-name'
import { ThreadState, UnreadMark } from './thread-state'
import { useThreadTitle } from './use-thread-title'

const SHOWN = 12

/** The conversation shown now, and the way to the latest others. */
export function ThreadMenu({
  threadId,
  onOpen,
}: {
  threadId: string | null
  onOpen: (threadId: string | null) => void
}) {
  const trpc = useTRPC()
  const router = useRouter()
  const threads = useQuery(trpc.chat.threads.queryOptions({ limit: SHOWN }))
  const title = useThreadTitle(threadId)
  const othersUnread = threads.data?.filter((thread) => thread.unread && thread.id !== threadId).length ?? 0
  const trigger = (
    <Button variant="ghost" size="sm" className="min-w-0 flex-1 justify-start font-semibold">
      <span className="truncate">{title}</span>
      <ChevronDown aria-hidden="true" className="size-3.5 shrink-0 text-muted" />
      {othersUnread > 0 ? <UnreadMark label={`, ${othersUnread} others unread`} /> : null}
    </Button>
  )
  return (
    <Menu trigger={trigger} label="Conversations" className="w-[min(360px,calc(100vw-24px))]">
      {threads.data?.length === 0 ? <MenuLabel>No conversations yet</MenuLabel> : null}
      {threads.data?.map((thread) => (
        <MenuItem key={thread.id} onSelect={() => onOpen(thread.id)} className="h-auto flex-wrap py-1.5">
          <span className="flex w-full min-w-0 items-center gap-1.5">
            {thread.unread ? <UnreadMark label="Unread: " /> : null}
            <span className="truncate">{thread.title}</span>
          </span>
          <span className="flex flex-wrap gap-x-2 text-xs text-muted">
            {thread.createdBy.name} · <RelativeTime value={thread.updatedAt} />
            {channelName(thread.channel) ? <span>{channelName(thread.channel)}</span> : null}
            <ThreadState state={thread.state} />
          </span>
        </MenuItem>
      ))}
      <MenuSeparator />
      <MenuItem onSelect={() => router.push('/chat?list=1')}>
        <List aria-hidden="true" className="size-4 text-muted" />
        All conversations and search
      </MenuItem>
    </Menu>
  )
}
