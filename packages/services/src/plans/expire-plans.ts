import { type Ctx, type SystemCtx, systemActor, type Tx } from '../context'
import { appendAudit } from '../log/append-audit'
import { planLabel } from './plan-digest'
import { recordPlanEvent } from './record-plan-event'

/** Sweep: proposals past their time are rejected by the clock, never carried out. Returns how many. */
export async function expirePlans(sys: SystemCtx): Promise<number> {
  const due = await sys.db.plan.findMany({
    where: { state: 'proposed', expiresAt: { lte: sys.now() } },
    take: 200,
    select: { id: true, orgId: true },
  })
  let expired = 0
  for (const { id, orgId } of due) {
    const moved = await sys.db.$transaction((tx) => expireInTx(tx, systemActor(sys, orgId), id))
    if (moved) expired += 1
  }
  return expired
}

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
