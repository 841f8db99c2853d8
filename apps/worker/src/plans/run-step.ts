import type { SystemCtx } from '@clawbernetes/services/context'
import { ServiceError } from '@clawbernetes/services/errors'
import { claimStep, type ClaimedStep } from '@clawbernetes/services/plans/claim-step'
import { finishStep, type StepOutcome } from '@clawbernetes/services/plans/finish-step'
import type { StepKind } from '@clawbernetes/protocol/plans/steps'
import { handlers } from './handlers'
import type { StepHandler } from './step-handler'

const FROZEN_LOOK_AGAIN_MS = 10_000

/** One attempt of one step: claim → work outside any transaction → write the outcome, or nothing if another took over. */
export async function runStep(sys: SystemCtx, stepId: string): Promise<void> {
  const claim = await claimStep(sys, { stepId })
  if (claim.go) {
    await finishStep(sys, claim.step, await attempt(sys, claim.step))
    return
  }
  if (claim.why === 'gone') return
  if (claim.why === 'frozen')
    await finishStep(sys, claim.step, {
      type: 'wait',
      afterMs: FROZEN_LOOK_AGAIN_MS,
      progress: 'The emergency stop is on',
    })
  else await finishStep(sys, claim.step, { type: 'stop', state: claim.state, reason: claim.reason })
}

/** Refusals of the world end the step; anything unforeseen goes to the queue, which tries again with back-off. */
async function attempt(sys: SystemCtx, step: ClaimedStep): Promise<StepOutcome> {
  const handler = handlers[step.kind] as StepHandler<StepKind>
  try {
    return await handler({ sys, step, args: step.args as Parameters<typeof handler>[0]['args'] })
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
    // Nothing was done yet: what was approved no longer holds.
    if (error.code === 'conflict' && step.ordinal === 0) return { type: 'stop', state: 'stale', reason: error.message }
    return { type: 'failed', code: error.code, message: error.message }
  }
}
