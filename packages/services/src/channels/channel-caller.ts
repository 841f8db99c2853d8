import type { Ctx, SystemCtx } from '../context'
import { actorOfMember } from '../identity/actor-of-member'
import type { OpenConnection } from './find-connections'

/** Whoever speaks on the platform, with the rights that the member has now; null: not linked to anybody. Throws `forbidden` for a former member. */
export async function channelCaller(
  sys: SystemCtx,
  connection: Pick<OpenConnection, 'id' | 'orgId' | 'kind'>,
  externalId: string,
): Promise<Ctx | null> {
  const identity = await sys.db.channelIdentity.findUnique({
    where: { connectionId_externalId: { connectionId: connection.id, externalId } },
  })
  if (!identity) return null
  const actor = await actorOfMember(sys.db, connection.orgId, identity.userId, 'person', connection.kind)
  return { ...sys, actor }
}
