import { sharedDb } from '@clawbernetes/db/client'
import { role as roleSchema, type Role } from '@clawbernetes/protocol/roles'
import type { Actor, Ctx, Db } from '../context'
import { type Auth, auth } from './auth'

export interface SignedIn {
  user: { id: string; name: string; email: string }
  org: { id: string; name: string; slug: string }
  role: Role
  /** Every organisation the person belongs to, for the switcher. */
  orgs: { id: string; name: string; role: Role }[]
  sessionId: string
}

/**
 * Who sends these headers (cookie or bearer token), in their active organisation; null when nobody is signed in or the
 * person belongs to no organisation. Membership is read now, so that a removed person is out at once.
 */
export async function resolveActor(
  headers: Headers,
  using: { auth: Auth; db: Db } = { auth: auth(), db: sharedDb().db },
): Promise<SignedIn | null> {
  const found = await using.auth.api.getSession({ headers })
  if (!found) return null
  // With every request: one statement instead of two.
  const members = await using.db.$queryRaw<{ id: string; name: string; slug: string; role: string }[]>`
    select o.id, o.name, o.slug, m.role from member m join organization o on o.id = m."organizationId"
    where m."userId" = ${found.user.id} order by m."createdAt"`
  const active = members.find((m) => m.id === found.session.activeOrganizationId) ?? members[0]
  if (!active) return null
  return {
    user: { id: found.user.id, name: found.user.name, email: found.user.email },
    org: { id: active.id, name: active.name, slug: active.slug },
    role: parseRole(active.role),
    orgs: members.map(({ id, name, role }) => ({ id, name, role: parseRole(role) })),
    sessionId: found.session.id,
  }
}

/** The context in which the requests of a person who signed in on the web run. @param address where they came from, when known */
export function personCtx(signedIn: SignedIn, address: string | null = null): Ctx {
  const actor: Actor = {
    kind: 'person',
    userId: signedIn.user.id,
    userName: signedIn.user.name,
    orgId: signedIn.org.id,
    role: signedIn.role,
    via: 'web',
    address,
  }
  return { db: sharedDb().db, actor, now: () => new Date() }
}

/** A role that is not known grants the least. */
export const parseRole = (text: string): Role => roleSchema.catch('viewer').parse(text)
