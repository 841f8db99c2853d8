import { type Ctx, requirePermission } from '../context'
import { notFound, ServiceError } from '../errors'
import { enqueue } from '../jobs/enqueue'
import { appendAudit } from '../log/append-audit'
import { planLabel } from './plan-digest'
import { recordPlanEvent } from './record-plan-event'
import { stepJobKey } from './step-job-key'

/** Asks a running plan to end after the step in hand; a proposed one is withdrawn. */
export async function cancelPlan({
  ctx,
  input,
}: {
  ctx: Ctx
  input: { planId: string }
}): Promise<{ state: 'withdrawn' | 'cancelling' }> {
  requirePermission(ctx, 'propose')
  return ctx.db.$transaction(async (tx) => {
    await tx.$queryRaw`select 1 from "plan" where id = ${input.planId} and org_id = ${ctx.actor.orgId} for update`
    const plan = await tx.plan.findFirst({ where: { id: input.planId, orgId: ctx.actor.orgId } })
    if (!plan) throw notFound('plan')
    if (plan.state === 'proposed') {
      const withdrawn = await tx.plan.update({
        where: { id: plan.id },
        data: { state: 'withdrawn', decidedAt: ctx.now(), decidedBy: ctx.actor.userId, version: { increment: 1 } },
      })
      await appendAudit(tx, ctx, 'plan.withdrawn', planLabel(plan.number))
      await recordPlanEvent(tx, withdrawn, 'plan.withdrawn')
      return { state: 'withdrawn' }
    }
    if (plan.state !== 'approved' && plan.state !== 'running')
      throw new ServiceError('conflict', `${planLabel(plan.number)} is over: it is ${plan.state}.`)
    const asked = await tx.plan.update({
      where: { id: plan.id },
      data: { cancelRequestedAt: plan.cancelRequestedAt ?? ctx.now(), version: { increment: 1 } },
    })
    for (const { id } of await tx.planStep.findMany({
      // Waiting for the world, or for its maintenance window.
      where: {
        planId: plan.id,
        OR: [{ state: 'waiting' }, ...(plan.notBefore ? [{ state: 'pending' as const, ordinal: 0 }] : [])],
      },
      select: { id: true },
    }))
      await enqueue(tx, 'plan-step', { stepId: id }, { key: stepJobKey(id) })
    await appendAudit(tx, ctx, 'plan.cancel-requested', planLabel(plan.number))
    await recordPlanEvent(tx, asked, 'plan.step')
    return { state: 'cancelling' }
  })
}
