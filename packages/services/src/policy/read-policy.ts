import { can } from '@clawbernetes/protocol/permissions'
import type { PolicyView } from '@clawbernetes/protocol/views/policy'
import { type Ctx, requirePermission } from '../context'
import { readOrgPolicy } from './read-org-policy'

/** The organisation's policy as it is edited: preset, changes, version, and who changed it last. */
export async function readPolicy({ ctx }: { ctx: Ctx }): Promise<PolicyView> {
  requirePermission(ctx, 'read')
  const { orgId } = ctx.actor
  const [org, members, last] = await Promise.all([
    readOrgPolicy(ctx.db, orgId),
    ctx.db.member.count({ where: { organizationId: orgId } }),
    ctx.db.auditEntry.findFirst({ where: { orgId, action: 'policy.changed' }, orderBy: { seq: 'desc' } }),
  ])
  const by = last?.actorId
    ? await ctx.db.user.findUnique({ where: { id: last.actorId }, select: { name: true } })
    : null
  return {
    document: org.document,
    version: org.version,
    timeZone: org.timeZone,
    members,
    changed: last ? { by: by?.name ?? 'Somebody', at: last.at.toISOString() } : null,
    mayChange: can(ctx.actor.role, 'managePolicy'),
  }
}
