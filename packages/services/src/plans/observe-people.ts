import type { PlanFact } from '@clawbernetes/protocol/plans/content'
import type { DbOrTx } from '../context'

/** Roles of members and keys in use, as far as a plan's facts ask for them. */
export async function observePeople(
  db: DbOrTx,
  orgId: string,
  facts: readonly PlanFact[],
  at: Date,
): Promise<{ roles: Map<string, string>; liveKeys: Set<string> }> {
  const ids = (kind: PlanFact['kind']) => facts.filter((f) => f.kind === kind).map((f) => f.id)
  const [userIds, keyIds] = [ids('member-role'), ids('api-key-live')]
  const members =
    userIds.length > 0 ? await db.member.findMany({ where: { organizationId: orgId, userId: { in: userIds } } }) : []
  const keys =
    keyIds.length > 0
      ? await db.apiKey.findMany({
          where: { orgId, id: { in: keyIds }, revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: at } }] },
          select: { id: true },
        })
      : []
  return { roles: new Map(members.map((m) => [m.userId, m.role])), liveKeys: new Set(keys.map((k) => k.id)) }
}
