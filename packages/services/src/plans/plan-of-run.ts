import { type Ctx, requirePermission } from '../context'
import { planLabel } from './plan-digest'

/** The plan that an agent run has proposed already, if it did. */
export async function planOfRun({
  ctx,
  input,
}: {
  ctx: Ctx
  input: { runId: string; intent: string }
}): Promise<{ planId: string; label: string; state: 'proposed' | 'approved' } | null> {
  requirePermission(ctx, 'read')
  const plan = await ctx.db.plan.findFirst({
    where: { orgId: ctx.actor.orgId, runId: input.runId, intent: input.intent },
    select: { id: true, number: true, state: true },
  })
  return plan
    ? { planId: plan.id, label: planLabel(plan.number), state: plan.state === 'proposed' ? 'proposed' : 'approved' }
    : null
}
