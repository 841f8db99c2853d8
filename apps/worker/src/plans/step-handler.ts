import type { ClaimedStep } from '@clawbernetes/services/plans/claim-step'
import type { StepOutcome } from '@clawbernetes/services/plans/finish-step'
import type { SystemCtx } from '@clawbernetes/services/context'
import type { StepArgs, StepKind } from '@clawbernetes/protocol/plans/steps'

/**
 * Carries out one step. May be called again after any crash: it must find what an earlier attempt did (the step's id is the
 * idempotency key) and go on from there. Throws `conflict` when the world does not allow it, anything else to be tried again.
 */
export type StepHandler<K extends StepKind> = (ctx: {
  sys: SystemCtx
  step: ClaimedStep
  args: StepArgs<K>
}) => Promise<StepOutcome>
export type StepHandlers = { [K in StepKind]: StepHandler<K> }
