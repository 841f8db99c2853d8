import type { SystemCtx } from '../context'
import { recordPlanEvent } from './record-plan-event'

/** It could not be proposed again: the old card says why, in place of how it ended. */
export async function noteAgainFailure(
  sys: SystemCtx,
  input: { planId: string; orgId: string; reason: string },
): Promise<void> {
  await sys.db.$transaction(async (tx) => {
    const moved = await tx.plan.updateMany({
      where: { id: input.planId, orgId: input.orgId },
      data: { stateReason: `It could not be proposed again: ${input.reason}`, version: { increment: 1 } },
    })
    if (moved.count > 0)
      await recordPlanEvent(tx, await tx.plan.findUniqueOrThrow({ where: { id: input.planId } }), 'plan.revised')
  })
}
