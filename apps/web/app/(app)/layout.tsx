import { cookies } from 'next/headers'
import { NuqsAdapter } from 'nuqs/adapters/next/app'
import type { ReactNode } from 'react'
import { requireSession } from '@/features/identity/read-session'
import { SessionProvider } from '@/features/identity/session'
import { AppShell } from '@/features/shell/app-shell'
import { ChatDockProvider } from '@/features/shell/chat-dock'
import { parsePreferences, PREFERENCES_COOKIE } from '@/features/shell/preferences'
import { PreferencesProvider } from '@/features/shell/preferences-context'
import { ApiProvider } from '@/trpc/client'

export default async function AppLayout({ children }: { children: ReactNode }) {
  const session = await requireSession()
  const preferences = parsePreferences((await cookies()).get(PREFERENCES_COOKIE)?.value)
  return (
    <ApiProvider>
      <SessionProvider session={session}>
        <PreferencesProvider initial={preferences}>
          <NuqsAdapter>
            <ChatDockProvider>
              <AppShell>{children}</AppShell>
            </ChatDockProvider>
          </NuqsAdapter>
        </PreferencesProvider>
      </SessionProvider>
    </ApiProvider>
  )
}
