import type { Tx } from '../context'
import { recordEvents } from '../log/record-events'
import { workloadEvents } from './workload-events'

/** Tells those who watch the organisation's workloads and those who watch this one. */
export async function recordWorkloadEvent(
  tx: Tx,
  workload: Parameters<typeof workloadEvents>[0],
  kind?: string,
): Promise<void> {
  await recordEvents(tx, workloadEvents(workload, kind))
}
