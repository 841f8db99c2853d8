'use client'
import { useQuery } from '@tanstack/react-query'
import { List, Plus } from 'lucide-react'
import dynamic from 'next/dynamic'
import { usePathname } from 'next/navigation'
import { parseAsBoolean, useQueryState } from 'nuqs'
import { useEffect } from 'react'
import { useChatDock } from '@/features/shell/chat-dock'
import { useTRPC } from '@/trpc/client'
import { Button } from '@/ui/button'
import { cn } from '@/ui/cn'
import { SkeletonRows } from '@/ui/skeleton'
import { ChatThread } from './chat-thread'
import { ThreadPresence } from './thread-presence'
import { useThreadTitle } from './use-thread-title'
import { whenReachable } from '@/ui/when-reachable'

const ThreadList = dynamic(
  whenReachable(() => import('./thread-list').then((module) => module.ThreadList)),
  {
    ssr: false,
    loading: () => <SkeletonRows rows={6} label="Loading conversations" className="p-2" />,
  },
)
const ThreadActions = dynamic(
  whenReachable(() => import('./thread-actions').then((module) => module.ThreadActions)),
  { ssr: false },
)

/** The conversation is the address: opening another one changes it without asking the server for a page. */
function goTo(threadId: string | null, how: 'push' | 'replace'): void {
  const href = `${threadId === null ? '/chat' : `/chat/${threadId}`}${withoutList(window.location.search)}`
  if (how === 'push') window.history.pushState(null, '', href)
  else window.history.replaceState(null, '', href)
}

/** On a phone the list gives way to what was opened. */
function withoutList(search: string): string {
  const params = new URLSearchParams(search)
  params.delete('list')
  const rest = params.toString()
  return rest ? `?${rest}` : ''
}

/** Chat as the whole page: what phones show, and where a shared conversation opens. */
export function ChatPage() {
  const pathname = usePathname()
  const threadId = /^\/chat\/([^/]+)/.exec(pathname)?.[1] ?? null
  const { rememberThread } = useChatDock()
  const [listOnPhone, setListOnPhone] = useQueryState('list', parseAsBoolean.withDefault(false))
  const trpc = useTRPC()
  const read = useQuery(trpc.chat.read.queryOptions({ threadId: threadId ?? '' }, { enabled: false }))
  const known = read.data?.thread.id ?? null
  useEffect(() => {
    // Only what exists: the pane beside other pages shows it next.
    if (known !== null) rememberThread(known)
  }, [known, rememberThread])
  return (
    <div className="flex h-full min-h-0 w-full">
      <section
        aria-label="All conversations"
        className={cn(
          'w-[300px] shrink-0 flex-col border-r border-line max-desk:w-full max-desk:border-r-0 desk:flex',
          listOnPhone ? 'flex' : 'hidden',
        )}
      >
        <ThreadList threadId={threadId} onOpen={(id) => goTo(id, 'push')} />
      </section>
      <div className={cn('flex min-w-0 flex-1 flex-col', listOnPhone && 'max-desk:hidden')}>
        <ChatHeader threadId={threadId} onList={() => void setListOnPhone(true)} onNew={() => goTo(null, 'push')} />
        <div className="mx-auto flex min-h-0 w-full max-w-[860px] flex-1 flex-col">
          <ChatThread
            threadId={threadId}
            onThread={(id) => (id === threadId ? undefined : goTo(id, 'replace'))}
            onNew={() => goTo(null, 'push')}
          />
        </div>
      </div>
    </div>
  )
}

type ChatHeaderProps = { threadId: string | null; onList: () => void; onNew: () => void }

function ChatHeader({ threadId, onList, onNew }: ChatHeaderProps) {
  const trpc = useTRPC()
  const read = useQuery(trpc.chat.read.queryOptions({ threadId: threadId ?? '' }, { enabled: false }))
  const title = useThreadTitle(threadId)
  const thread = threadId === null ? undefined : read.data?.thread
  return (
    <div className="flex h-11 shrink-0 items-center gap-1 border-b border-line px-2 max-desk:h-12">
      <Button variant="quiet" size="icon" className="desk:hidden" aria-label="All conversations" onClick={onList}>
        <List aria-hidden="true" className="size-4" />
      </Button>
      <h1 className="min-w-0 truncate px-1 font-semibold">
        <span className="sr-only">Chat: </span>
        {title}
      </h1>
      {thread?.archived ? <span className="text-xs text-muted">archived</span> : null}
      {thread ? <ThreadActions thread={thread} /> : null}
      <span className="ml-auto flex items-center gap-1">
        {threadId ? <ThreadPresence threadId={threadId} /> : null}
        <Button variant="quiet" size="icon" aria-label="New conversation" onClick={onNew}>
          <Plus aria-hidden="true" className="size-4" />
        </Button>
      </span>
    </div>
  )
}
