import type { SystemCtx } from '../context'
import { recordPlanEvent } from './record-plan-event'

/** Sweep: proposals past their time are expired, never carried out. Returns how many. */
export async function expirePlans(sys: SystemCtx): Promise<number> {
  const due = await sys.db.plan.findMany({
    where: { state: 'proposed', expiresAt: { lte: sys.now() } },
    take: 200,
    select: { id: true },
  })
  let expired = 0
  for (const { id } of due) {
    await sys.db.$transaction(async (tx) => {
      const moved = await tx.plan.updateMany({
        where: { id, state: 'proposed', expiresAt: { lte: sys.now() } },
        data: { state: 'expired', version: { increment: 1 } },
      })
      if (moved.count === 0) return
      await recordPlanEvent(tx, await tx.plan.findUniqueOrThrow({ where: { id } }), 'plan.expired')
      expired += 1
    })
  }
  return expired
}
