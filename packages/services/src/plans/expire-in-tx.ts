import { type Ctx, systemActor, type Tx } from '../context'
import { appendAudit } from '../log/append-audit'
import { planLabel } from './plan-digest'
import { recordPlanEvent } from './record-plan-event'

/** By compare-and-set, with its event and audit entry; false: somebody decided first. */
export async function expireInTx(tx: Tx, ctx: Ctx, planId: string): Promise<boolean> {
  const moved = await tx.plan.updateMany({
    where: { id: planId, state: 'proposed', expiresAt: { lte: ctx.now() } },
    data: { state: 'expired', version: { increment: 1 } },
  })
  if (moved.count === 0) return false
  const plan = await tx.plan.findUniqueOrThrow({ where: { id: planId } })
  const clock = systemActor(ctx, plan.orgId)
  await appendAudit(tx, clock, 'plan.expired', `${planLabel(plan.number)} r${plan.revision}`, {
    expiredAt: plan.expiresAt.toISOString(),
  })
  await recordPlanEvent(tx, plan, 'plan.expired')
  return true
}
