'use client'
import dynamic from 'next/dynamic'
import { usePathname, useRouter } from 'next/navigation'
import { useEffect, useState, type ReactNode } from 'react'
import { showFreezeDialog } from '@/features/freeze/freeze-dialog-store'
import { FreezeLayer } from '@/features/freeze/freeze-layer'
import { isStale } from '@/features/live/connection-state'
import { isPaused, setPaused } from '@/features/live/pause'
import { startSocket } from '@/features/live/socket'
import { useConnection } from '@/features/live/use-live'
import { ChartAskProvider } from '@/ui/charts/chart-ask'
import { ChatHost } from './chat-host'
import { useChatDock } from './chat-dock'
import { Header } from './header'
import { NavRail } from './nav-rail'
import { usePreferences } from './preferences-context'
import { useSessionLost } from './use-session-lost'
import { TabBar } from './tab-bar'
import { useCounts } from './use-counts'
import { useShortcuts } from './use-shortcuts'
import { whenReachable } from '@/ui/when-reachable'

const Palette = dynamic(
  whenReachable(() => import('./palette').then((module) => module.Palette)),
  { ssr: false },
)
const ShortcutsDialog = dynamic(
  whenReachable(() => import('./shortcuts-dialog').then((module) => module.ShortcutsDialog)),
  {
    ssr: false,
  },
)
const SessionLostDialog = dynamic(
  whenReachable(() => import('./session-lost-dialog').then((module) => module.SessionLostDialog)),
  {
    ssr: false,
  },
)
const Toaster = dynamic(
  whenReachable(() => import('sonner').then((module) => module.Toaster)),
  { ssr: false },
)

type Overlay = 'none' | 'palette' | 'shortcuts'

function focusFilter(): void {
  document.querySelector<HTMLInputElement>('main [data-filter]')?.focus()
}

/** The frame around every page: one viewport high, only the panes inside it scroll. */
export function AppShell({ children }: { children: ReactNode }) {
  const [overlay, setOverlay] = useState<Overlay>('none')
  const { preferences } = usePreferences()
  const dock = useChatDock()
  const router = useRouter()
  const pathname = usePathname()
  const connection = useConnection()
  const counts = useCounts()
  const sessionLost = useSessionLost()
  const onChatPage = pathname.startsWith('/chat')

  useEffect(() => startSocket(), [])
  useShortcuts(preferences.singleKeys, (action) => {
    if (action.type === 'palette') setOverlay('palette')
    if (action.type === 'help') setOverlay('shortcuts')
    if (action.type === 'toggle-chat') dock.setOpen(!dock.open)
    if (action.type === 'focus-composer') dock.focusComposer()
    if (action.type === 'filter') focusFilter()
    if (action.type === 'freeze') showFreezeDialog(true)
    if (action.type === 'pause') setPaused(!isPaused())
    if (action.type === 'go') router.push(action.href)
  })

  const chat = onChatPage ? null : <ChatHost needApproval={counts.waitingApprovals} />
  return (
    <div
      className="flex h-dvh flex-col overflow-hidden"
      data-stale={isStale(connection)}
      data-density={preferences.density}
    >
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded-md focus:bg-raised focus:p-2"
      >
        Skip to content
      </a>
      <Header
        waitingApprovals={counts.waitingApprovals}
        alerts={counts.alerts}
        onPalette={() => setOverlay('palette')}
        onShortcuts={() => setOverlay('shortcuts')}
      />
      <FreezeLayer />
      <div className="flex min-h-0 flex-1">
        <NavRail waitingApprovals={counts.waitingApprovals} />
        {preferences.chatSide === 'left' ? chat : null}
        <main
          id="main"
          tabIndex={-1}
          className="relative min-h-0 min-w-0 flex-1 overflow-y-auto focus-visible:outline-none"
        >
          <ChartAskProvider value={dock.askAboutChart}>{children}</ChartAskProvider>
        </main>
        {preferences.chatSide === 'right' ? chat : null}
      </div>
      <TabBar waitingApprovals={counts.waitingApprovals} />
      {overlay === 'palette' ? (
        <Palette
          onClose={() => setOverlay('none')}
          onShortcuts={() => setOverlay('shortcuts')}
          onPause={() => setPaused(!isPaused())}
          onFreeze={() => showFreezeDialog(true)}
        />
      ) : null}
      {overlay === 'shortcuts' ? <ShortcutsDialog onClose={() => setOverlay('none')} /> : null}
      {sessionLost.lost ? <SessionLostDialog onClose={sessionLost.close} /> : null}
      <Toaster position="bottom-left" toastOptions={{ className: 'panel' }} />
    </div>
  )
}
