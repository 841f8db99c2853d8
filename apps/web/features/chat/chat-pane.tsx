'use client'
import { ArrowLeftRight, Maximize2, Plus, X } from 'lucide-react'
import Link from 'next/link'
import { useChatDock } from '@/features/shell/chat-dock'
import { usePreferences } from '@/features/shell/preferences-context'
import { Button } from '@/ui/button'
import { ChatThread } from './chat-thread'
import { ThreadMenu } from './thread-menu'
import { ThreadPresence } from './thread-presence'

/** Chat beside the page. Closing it detaches: what runs goes on, and opening it again shows where it stands. */
export function ChatPane() {
  const dock = useChatDock()
  const { preferences, update } = usePreferences()
  const otherSide = preferences.chatSide === 'right' ? 'left' : 'right'
  return (
    <>
      <div className="flex h-10 shrink-0 items-center gap-0.5 border-b border-line px-1.5">
        <ThreadMenu threadId={dock.threadId} onOpen={dock.openThread} />
        {dock.threadId ? <ThreadPresence threadId={dock.threadId} /> : null}
        <Button
          variant="quiet"
          size="icon-sm"
          aria-label="New conversation"
          title="New conversation"
          onClick={() => dock.openThread(null)}
        >
          <Plus aria-hidden="true" className="size-4" />
        </Button>
        <Button asChild variant="quiet" size="icon-sm">
          <Link
            href={dock.threadId ? `/chat/${dock.threadId}` : '/chat'}
            aria-label="Open chat as a page"
            title="Open as a page"
          >
            <Maximize2 aria-hidden="true" className="size-3.5" />
          </Link>
        </Button>
        <Button
          variant="quiet"
          size="icon-sm"
          aria-label={`Move chat to the ${otherSide}`}
          title={`Move to the ${otherSide}`}
          onClick={() => update({ chatSide: otherSide })}
        >
          <ArrowLeftRight aria-hidden="true" className="size-4" />
        </Button>
        <Button
          variant="quiet"
          size="icon-sm"
          aria-label="Close chat"
          title="Close"
          aria-keyshortcuts="Meta+I Control+I"
          onClick={() => dock.setOpen(false)}
        >
          <X aria-hidden="true" className="size-4" />
        </Button>
      </div>
      <ChatThread threadId={dock.threadId} onThread={dock.openThread} onNew={() => dock.openThread(null)} />
    </>
  )
}
