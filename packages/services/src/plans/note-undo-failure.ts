import type { SystemCtx } from '../context'
import { recordPlanEvent } from './record-plan-event'

/** No plan that takes it back could be drafted: its receipt says why, until somebody asks again. */
export async function noteUndoFailure(
  sys: SystemCtx,
  input: { planId: string; orgId: string; reason: string },
): Promise<void> {
  await sys.db.$transaction(async (tx) => {
    const moved = await tx.plan.updateMany({
      where: { id: input.planId, orgId: input.orgId, state: 'succeeded' },
      data: { stateReason: `No plan to undo it was made: ${input.reason}`, version: { increment: 1 } },
    })
    if (moved.count > 0)
      await recordPlanEvent(tx, await tx.plan.findUniqueOrThrow({ where: { id: input.planId } }), 'plan.revised')
  })
}
