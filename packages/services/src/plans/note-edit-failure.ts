import type { SystemCtx } from '../context'
import { recordPlanEvent } from './record-plan-event'

/** An edit that could not be previewed: the revision stays, the card says why. */
export async function noteEditFailure(
  sys: SystemCtx,
  input: { planId: string; orgId: string; reason: string },
): Promise<void> {
  await sys.db.$transaction(async (tx) => {
    const moved = await tx.plan.updateMany({
      where: { id: input.planId, orgId: input.orgId, state: 'proposed' },
      data: { stateReason: input.reason, version: { increment: 1 } },
    })
    if (moved.count > 0)
      await recordPlanEvent(tx, await tx.plan.findUniqueOrThrow({ where: { id: input.planId } }), 'plan.revised')
  })
}
