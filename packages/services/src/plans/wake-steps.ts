import type { Tx } from '../context'
import { enqueue } from '../jobs/enqueue'
import { stepJobKey } from './step-job-key'

/** Steps that do nothing but look: another look at the same time does no harm. */
const WATCHING = ['await-running', 'await-stopped']

/**
 * Wakes plan steps that wait for this workload, now instead of at their next look. A step that is looking at this very moment is
 * looked at once more: what it saw may be from before the change. Call it after the workload's state changed.
 */
export async function wakeSteps(tx: Tx, workloadId: string): Promise<void> {
  const watching = await tx.planStep.findMany({
    where: {
      kind: { in: WATCHING },
      state: { in: ['waiting', 'running'] },
      args: { path: ['workloadId'], equals: workloadId },
    },
    select: { id: true },
  })
  for (const { id } of watching) await enqueue(tx, 'plan-step', { stepId: id }, { key: stepJobKey(id) })
}
