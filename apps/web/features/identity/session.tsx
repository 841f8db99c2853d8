'use client'
import { can, type Permission, type Role } from '@clawbernetes/protocol/permissions'
import { createContext, use, type ReactNode } from 'react'

/** Who is looking, as the server told the page. Rights are checked again by every verb; this only shapes what is shown. */
export type SessionView = {
  user: { id: string; name: string; email: string }
  organization: { id: string; name: string }
  organizations: { id: string; name: string }[]
  role: Role
}

const SessionContext = createContext<SessionView | null>(null)

export function SessionProvider({ session, children }: { session: SessionView; children: ReactNode }) {
  return <SessionContext value={session}>{children}</SessionContext>
}

export function useSession(): SessionView {
  const session = use(SessionContext)
  if (!session) throw new Error('useSession is only for pages behind the sign-in.')
  return session
}

export function useCan(permission: Permission): boolean {
  return can(useSession().role, permission)
}
