import type { SystemCtx } from '@clawbernetes/services/context'
import { ServiceError } from '@clawbernetes/services/errors'
import { claimStep, type ClaimedStep } from '@clawbernetes/services/plans/claim-step'
import { finishStep, type StepOutcome } from '@clawbernetes/services/plans/finish-step'
import type { StepKind } from '@clawbernetes/protocol/plans/steps'
import { handlers } from './handlers'
import type { StepContext, StepHandler } from './step-handler'

/** A waiting step is woken when something changes; this is how long it waits when nobody rings. */
const LOOK_AGAIN_MS = 5000

/** One attempt of one step: claim → work outside any transaction → write the outcome, or nothing if another took over. */
export async function runStep(sys: SystemCtx, stepId: string): Promise<void> {
  const claim = await claimStep(sys, { stepId })
  if (claim.go) {
    await finishStep(sys, claim.step, await attempt(sys, claim.step))
    return
  }
  // Stopped plans get their jobs back when the stop is lifted, others when their window opens: nothing to do until then.
  if (claim.why !== 'stop') return
  await finishStep(sys, claim.step, { type: 'stop', state: claim.state, reason: claim.reason })
}

/**
 * Acts, then looks: only what was seen counts. Refusals of the world end the step; anything unforeseen goes to the queue, which
 * tries again with back-off.
 */
async function attempt(sys: SystemCtx, step: ClaimedStep): Promise<StepOutcome> {
  const handler = handlers[step.kind] as StepHandler<StepKind>
  const context = { sys, step, args: step.args } as StepContext<StepKind>
  try {
    await handler.act?.(context)
    const seen = await handler.verify(context)
    if (seen.is === 'not-yet') return { type: 'wait', afterMs: seen.lookAgainMs ?? LOOK_AGAIN_MS, progress: seen.words }
    if (seen.is === 'never') return { type: 'failed', code: seen.code, message: seen.words }
    return { type: 'done', result: { ...seen.result, facts: seen.facts }, progress: seen.words }
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
    // Nothing was done yet: what was approved no longer holds.
    if (error.code === 'conflict' && step.ordinal === 0) return { type: 'stop', state: 'stale', reason: error.message }
    return { type: 'failed', code: error.code, message: error.message }
  }
}
