'use client'
import { Plus } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useEffect } from 'react'
import { useChatDock } from '@/features/shell/chat-dock'
import { Button } from '@/ui/button'
import { ChatThread } from './chat-thread'
import { ThreadMenu } from './thread-menu'

/** Chat as the whole page: what phones show, and where a shared conversation opens. */
export function ChatPage({ threadId }: { threadId: string | null }) {
  const router = useRouter()
  const dock = useChatDock()
  const { rememberThread } = dock
  useEffect(() => {
    if (threadId !== null) rememberThread(threadId)
  }, [threadId, rememberThread])
  const open = (id: string | null) => router.push(id === null ? '/chat' : `/chat/${id}`)
  return (
    <div className="mx-auto flex h-full min-h-0 w-full max-w-[860px] flex-col">
      <h1 className="sr-only">Chat</h1>
      <div className="flex h-11 shrink-0 items-center gap-1 border-b border-line px-2">
        <ThreadMenu threadId={threadId} onOpen={open} />
        <Button variant="quiet" size="icon" aria-label="New conversation" onClick={() => open(null)}>
          <Plus aria-hidden="true" className="size-4" />
        </Button>
      </div>
      <ChatThread
        threadId={threadId}
        onThread={(id) => (id === threadId ? undefined : router.replace(`/chat/${id}`))}
      />
    </div>
  )
}
