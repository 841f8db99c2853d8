import type { Ctx, SystemCtx } from '@clawbernetes/services/context'
import { actorOfMember } from '@clawbernetes/services/identity/actor-of-member'
import type { ClaimedStep } from '@clawbernetes/services/plans/claim-step'

/** Steps act with the rights that the person who asked has now, never with more. */
export async function stepCtx(sys: SystemCtx, step: ClaimedStep): Promise<Ctx> {
  return { ...sys, actor: await actorOfMember(sys.db, step.orgId, step.proposedBy, 'agent', 'worker') }
}
