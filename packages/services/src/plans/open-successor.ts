import { type Ctx, requirePermission } from '../context'

/** A plan made from this one's arguments that still waits: asking twice does not propose twice. */
export async function openSuccessor({ ctx, input }: { ctx: Ctx; input: { planId: string } }): Promise<string | null> {
  requirePermission(ctx, 'read')
  const plan = await ctx.db.plan.findFirst({
    where: { orgId: ctx.actor.orgId, parentId: input.planId, state: 'proposed', expiresAt: { gt: ctx.now() } },
    select: { id: true },
  })
  return plan?.id ?? null
}
