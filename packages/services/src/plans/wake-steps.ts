import { STEP_KINDS, wokenBy } from '@clawbernetes/protocol/plans/steps'
import type { DbOrTx } from '../context'
import { enqueue } from '../jobs/enqueue'
import { stepJobKey } from './step-job-key'

const kindsWokenBy = (what: 'workload' | 'node'): string[] => STEP_KINDS.filter((kind) => wokenBy[kind] === what)
const BY_WORKLOAD = kindsWokenBy('workload')
const BY_NODE = kindsWokenBy('node')
const AT_WORK = ['waiting', 'running'] as const

/**
 * Wakes plan steps that wait for this workload or for one of these nodes, now instead of at their next look. A step that is
 * looking at this very moment is looked at once more: what it saw may be from before the change, and doing a step again changes
 * nothing. Call it after the state changed, in the same transaction.
 */
export async function wakeSteps(
  tx: DbOrTx,
  what: { workloadIds: readonly string[]; nodeIds?: readonly string[] },
): Promise<void> {
  const waiting = await tx.$queryRaw<{ id: string }[]>`
    select id from plan_step where state in ('waiting', 'running') and (
      kind = any(${BY_WORKLOAD}) and args ->> 'workloadId' = any(${[...what.workloadIds]})
      or kind = any(${BY_NODE}) and args ->> 'nodeId' = any(${[...(what.nodeIds ?? [])]})
    )`
  for (const { id } of waiting) await enqueue(tx, 'plan-step', { stepId: id }, { key: stepJobKey(id) })
}

/** Wakes the step that asked a node to do something, when its answer is in. */
export async function wakeStep(db: DbOrTx, stepId: string): Promise<void> {
  const waiting = await db.planStep.count({ where: { id: stepId, state: { in: [...AT_WORK] } } })
  if (waiting > 0) await enqueue(db, 'plan-step', { stepId }, { key: stepJobKey(stepId) })
}
