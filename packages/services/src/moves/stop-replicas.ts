import type { StepArgs } from '@clawbernetes/protocol/plans/steps'
import type { SystemCtx } from '../context'
import { bumpNodes } from '../fleet/bump-nodes'
import { lockWorkload, syncWorkloadStatus } from '../workloads/sync-workload-status'

/** Asks these replicas, and no others of the workload, to end. Idempotent; what has ended already is closed. */
export async function stopReplicas(
  sys: SystemCtx,
  input: { orgId: string; args: Pick<StepArgs<'stop-replicas'>, 'workloadId' | 'replicaIds'> },
): Promise<void> {
  const { workloadId, replicaIds } = input.args
  await sys.db.$transaction(async (tx) => {
    await lockWorkload(tx, workloadId)
    const open = await tx.replica.findMany({
      where: { id: { in: replicaIds }, orgId: input.orgId, workloadId, closedAt: null, desired: 'run' },
      select: { id: true, nodeId: true },
    })
    if (open.length === 0) return
    await tx.replica.updateMany({
      where: { id: { in: open.map((r) => r.id) } },
      data: { desired: 'stop', version: { increment: 1 } },
    })
    await bumpNodes(
      tx,
      open.map((r) => r.nodeId),
    )
    await syncWorkloadStatus(tx, sys, workloadId)
  })
}
