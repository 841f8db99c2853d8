import type { Tx } from '../context'
import { enqueue } from '../jobs/enqueue'
import { stepJobKey } from './step-job-key'

/** Wakes plan steps that wait for this workload, now instead of at their next look. Call it after the workload's state changed. */
export async function wakeSteps(tx: Tx, workloadId: string): Promise<void> {
  const waiting = await tx.planStep.findMany({
    where: { state: 'waiting', args: { path: ['workloadId'], equals: workloadId } },
    select: { id: true },
  })
  for (const { id } of waiting) await enqueue(tx, 'plan-step', { stepId: id }, { key: stepJobKey(id) })
}
