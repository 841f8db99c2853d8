import { can } from '@clawbernetes/protocol/permissions'
import type { FreezeView } from '@clawbernetes/protocol/views/freeze'
import { type Ctx, requirePermission } from '../context'
import { readOrgPolicy } from '../policy/read-org-policy'

/** Is the emergency stop on, and who pulled it, when and why? */
export async function readFreeze({ ctx }: { ctx: Ctx }): Promise<FreezeView> {
  requirePermission(ctx, 'read')
  const { frozen } = await readOrgPolicy(ctx.db, ctx.actor.orgId)
  const by = frozen?.by ? await ctx.db.user.findUnique({ where: { id: frozen.by }, select: { name: true } }) : null
  return {
    frozen: frozen ? { at: frozen.at.toISOString(), by: by?.name ?? 'Somebody', reason: frozen.reason } : null,
    mayFreeze: can(ctx.actor.role, 'propose'),
    mayLift: can(ctx.actor.role, 'managePolicy'),
  }
}
