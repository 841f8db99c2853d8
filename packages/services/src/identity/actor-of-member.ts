import type { ApiScope } from '@clawbernetes/protocol/permissions'
import type { Actor, Ctx, DbOrTx, SystemCtx, Via } from '../context'
import { ServiceError } from '../errors'
import { parseRole } from './resolve-actor'

/**
 * The rights that a person has right now, for work done later on their behalf (agent runs, plan steps).
 * Throws `forbidden` when they are no longer a member.
 */
export async function actorOfMember(
  db: DbOrTx,
  orgId: string,
  userId: string,
  kind: 'person' | 'agent',
  via: Via,
  /** Of the API key that started the work; null: everything that the role allows. */
  scopes: readonly ApiScope[] | null = null,
): Promise<Actor> {
  const [member] = await db.$queryRaw<{ role: string; name: string }[]>`
    select m.role, u.name from member m join "user" u on u.id = m."userId"
    where m."organizationId" = ${orgId} and m."userId" = ${userId}`
  if (!member)
    throw new ServiceError('forbidden', 'The person who asked for this is no longer a member of the organisation.')
  const actor: Actor = { kind, userId, userName: member.name, orgId, role: parseRole(member.role), via }
  return scopes ? { ...actor, scopes } : actor
}

export async function agentCtx(
  sys: SystemCtx,
  orgId: string,
  userId: string,
  scopes: readonly ApiScope[] | null = null,
): Promise<Ctx> {
  return { ...sys, actor: await actorOfMember(sys.db, orgId, userId, 'agent', 'chat', scopes) }
}
