import { stepArgs } from '@clawbernetes/protocol/plans/steps'
import type { PlanPauseView } from '@clawbernetes/protocol/views/plan'
import type { PlanModel, PlanStepModel } from '@clawbernetes/db/rows'
import type { DbOrTx } from '../context'
import { freezeWords, type OrgPolicy } from '../policy/read-org-policy'

/**
 * What the emergency stop means for a plan that was approved: where it stands, and which workloads are down because it was on its
 * way between their end and their next start. null: nothing holds it.
 */
export async function planPause(
  db: DbOrTx,
  org: OrgPolicy,
  plan: PlanModel,
  steps: readonly PlanStepModel[],
): Promise<PlanPauseView | null> {
  if (!org.frozen || (plan.state !== 'approved' && plan.state !== 'running')) return null
  const done = steps.filter((step) => step.state === 'succeeded').length
  const where =
    done === 0 && steps.every((step) => step.attempt === 0)
      ? 'Nothing of it has begun.'
      : `${done} of ${steps.length} steps are done.`
  const down = betweenPlaces(steps)
  const stopped =
    down.length === 0
      ? ''
      : ` ${down.join(', ')} ${down.length === 1 ? 'has' : 'have'} ended in the old place and ${down.length === 1 ? 'is' : 'are'} not started in the new one: stopped until then.`
  return {
    since: org.frozen.at.toISOString(),
    text: `Paused: ${await freezeWords(db, org.frozen)}. ${where}${stopped} It goes on by itself when an administrator lifts the stop.`,
    stopped: down,
  }
}

/** Workloads that were asked to end, and whose next start has not begun. */
function betweenPlaces(steps: readonly PlanStepModel[]): string[] {
  const ending = steps.flatMap((step) =>
    step.kind === 'stop-replicas' && step.attempt > 0 ? [stepArgs['stop-replicas'].parse(step.args)] : [],
  )
  const notStarted = new Set(
    steps.flatMap((step) =>
      step.kind === 'start-moved' && step.attempt === 0 ? [stepArgs['start-moved'].parse(step.args).workloadId] : [],
    ),
  )
  return ending.filter(({ workloadId }) => notStarted.has(workloadId)).map(({ name }) => name)
}
