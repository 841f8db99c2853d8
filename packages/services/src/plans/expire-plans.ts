import { type SystemCtx, systemActor } from '../context'
import { expireInTx } from './expire-in-tx'

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
