'use client'
import { MessageSquare } from 'lucide-react'
import dynamic from 'next/dynamic'
import { Badge } from '@/ui/badge'
import { SkeletonRows } from '@/ui/skeleton'
import { Splitter } from '@/ui/splitter'
import { CHAT_DEFAULT_PX, CHAT_MAX_PX, CHAT_MIN_PX } from './preferences'
import { useChatDock } from './chat-dock'
import { usePreferences } from './preferences-context'
import { whenReachable } from '@/ui/when-reachable'

// The pane's code (markdown, cards) arrives after the page has painted.
const ChatPane = dynamic(
  whenReachable(() => import('@/features/chat/chat-pane').then((module) => module.ChatPane)),
  {
    ssr: false,
    loading: () => <SkeletonRows rows={4} label="Loading chat" className="p-3" />,
  },
)

export const CHAT_PANE_ID = 'chat-pane'

/** The docked chat with its splitter; collapsed, a strip that still says how much waits. Desktop only: phones have a page. */
export function ChatHost({ needApproval }: { needApproval: number }) {
  const dock = useChatDock()
  const { preferences, update } = usePreferences()
  const side = preferences.chatSide
  if (!dock.open) {
    const name =
      needApproval > 0 ? `Open chat, ${needApproval} need${needApproval === 1 ? 's' : ''} approval` : 'Open chat'
    return (
      <div
        role="complementary"
        aria-label="Agent chat"
        className="flex w-10 shrink-0 flex-col items-center border-x border-line bg-surface max-desk:hidden"
      >
        <button
          type="button"
          aria-label={name}
          aria-keyshortcuts="Meta+I Control+I"
          onClick={() => dock.setOpen(true)}
          className="grid w-10 justify-items-center gap-2 py-3 text-muted hover:bg-pend-tint hover:text-fg focus-visible:-outline-offset-2"
        >
          <MessageSquare aria-hidden="true" className="size-[18px]" />
          {needApproval > 0 ? <Badge tone="warn">{needApproval}</Badge> : null}
        </button>
      </div>
    )
  }
  const splitter = (
    <Splitter
      label="Chat width"
      controls={CHAT_PANE_ID}
      paneSide={side}
      value={preferences.chatWidthPx}
      min={CHAT_MIN_PX}
      max={CHAT_MAX_PX}
      defaultValue={CHAT_DEFAULT_PX}
      onChange={(chatWidthPx) => update({ chatWidthPx })}
    />
  )
  return (
    <div
      role="complementary"
      aria-label="Agent chat"
      style={{ width: preferences.chatWidthPx }}
      className="flex min-h-0 shrink-0 bg-bg max-desk:hidden"
    >
      {side === 'right' ? splitter : null}
      <div id={CHAT_PANE_ID} className="flex min-h-0 min-w-0 flex-1 flex-col">
        <ChatPane />
      </div>
      {side === 'left' ? splitter : null}
    </div>
  )
}
