import 'server-only'
import { resolveActor } from '@clawbernetes/services/identity/resolve-actor'
import { resolveUser } from '@clawbernetes/services/identity/resolve-user'
import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { cache } from 'react'
import type { SessionView } from './session'

/** One lookup per request, shared by the layout and the page. */
export const readSession = cache(async () => resolveActor(await headers()))

/** Who is signed in, also when they belong to no organisation. */
export const readUser = cache(async () => resolveUser(await headers()))

/** For pages behind the sign-in: sends others to the login page, and brings them back to where they wanted to be. */
export async function requireSession(): Promise<SessionView> {
  const session = await readSession()
  if (!session) {
    if (await readUser()) redirect('/no-organization')
    const path = (await headers()).get('x-pathname') ?? '/'
    redirect(path === '/' ? '/login' : `/login?next=${encodeURIComponent(path)}`)
  }
  const { user, org, orgs, role } = session
  return {
    user,
    organization: { id: org.id, name: org.name },
    organizations: orgs.map(({ id, name }) => ({ id, name })),
    role,
  }
}
