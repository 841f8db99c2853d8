import { randomBytes } from 'node:crypto'
import type { Db, DbOrTx, Tx } from '@clawbernetes/db/client'
import { type IdKind, makeId } from '@clawbernetes/protocol/ids'
import { type ApiScope, can, type Permission, PERMISSIONS, type Role, scopeOf } from '@clawbernetes/protocol/roles'
import { ServiceError } from './errors'

export type { Prisma } from '@clawbernetes/db/rows'
export type { Db, DbOrTx, Tx }

/** The door a request came through; part of every audit entry. */
export type Via = 'web' | 'chat' | 'cli' | 'api' | 'mcp' | 'slack' | 'discord' | 'worker' | 'gateway' | 'seed'

/** Who asks, with which right, in which organisation. Made by the transport from the session, never from input. */
export interface Actor {
  kind: 'person' | 'agent' | 'system'
  /** The person, also when an agent acts on behalf of one; null for the system itself. */
  userId: string | null
  userName: string
  orgId: string
  role: Role
  via: Via
  /** IP address that the request came from, where the door knows it; part of its audit entries. */
  address?: string | null
  /** What the API key of this request may be used for; absent for a session: everything that the role allows. */
  scopes?: readonly ApiScope[]
  /** The key of this request; its name stands in the audit. */
  apiKey?: { id: string; name: string }
}

/** What every verb of an organisation gets. Time is an argument so that tests own it. */
export interface Ctx {
  db: Db
  actor: Actor
  now: () => Date
}

/** What verbs of the machinery get (gateway, sweeps): they act on ids that they found in the database themselves. */
export interface SystemCtx {
  db: Db
  now: () => Date
}

export const newId = (kind: IdKind, at: Date): string => makeId(kind, at.getTime(), randomBytes(10))

const WHAT: Record<Permission, string> = {
  read: 'see this',
  chat: 'talk to the agent',
  propose: 'propose changes',
  approveLow: 'approve low-risk plans',
  approveMedium: 'approve medium-risk plans',
  approveHigh: 'approve high-risk plans',
  approveCritical: 'approve critical plans',
  manageNodes: 'manage nodes',
  manageMembers: 'manage members',
  managePolicy: 'change the policy',
  manageChannels: 'connect Slack or Discord',
  exportAudit: 'export the audit log',
  deleteOrganization: 'delete the organisation',
}

/** Role and, for a key, scope: both must allow it. */
export const allowed = (ctx: Ctx, permission: Permission): boolean =>
  can(ctx.actor.role, permission) && (ctx.actor.scopes?.includes(scopeOf(permission)) ?? true)

/** Throws `forbidden` when the request's API key was not made for this; a session always passes. */
export function requireScope(ctx: Ctx, scope: ApiScope): void {
  if (ctx.actor.scopes && !ctx.actor.scopes.includes(scope))
    throw new ServiceError(
      'forbidden',
      `This API key has no scope ${scope}; it has ${ctx.actor.scopes.join(', ') || 'none'}.`,
      { scope },
    )
}

/** Throws `forbidden`, naming the role or the scope that is needed. */
export function requirePermission(ctx: Ctx, permission: Permission): void {
  requireScope(ctx, scopeOf(permission))
  if (!can(ctx.actor.role, permission))
    throw new ServiceError(
      'forbidden',
      `To ${WHAT[permission]} you need the role ${PERMISSIONS[permission]}; yours is ${ctx.actor.role}.`,
    )
}

/** A context in which the system acts inside one organisation, for sweeps and the worker. */
export function systemActor(sys: SystemCtx, orgId: string, via: Via = 'worker'): Ctx {
  return { ...sys, actor: { kind: 'system', userId: null, userName: 'Clawbernetes', orgId, role: 'owner', via } }
}
