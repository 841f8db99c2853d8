import type { SystemCtx } from '../context'
import { MOVE_IS_OVER } from '../workloads/moving'
import { recordWorkloadEvent } from '../workloads/record-workload-event'
import { lockWorkload, syncWorkloadStatus } from '../workloads/sync-workload-status'

/** Ends a move that worked: the GPUs it came from are free. Nothing is done while old replicas are still ending. */
export async function finishMove(
  sys: SystemCtx,
  input: { orgId: string; planId: string; workloadId: string },
): Promise<void> {
  await sys.db.$transaction(async (tx) => {
    await lockWorkload(tx, input.workloadId)
    const workload = await tx.workload.findFirst({ where: { id: input.workloadId, orgId: input.orgId } })
    if (!workload || workload.movingPlan !== input.planId) return
    const open = await tx.replica.findMany({
      where: { workloadId: workload.id, closedAt: null },
      orderBy: { ordinal: 'asc' },
      select: { id: true, ordinal: true, desired: true },
    })
    if (open.some((replica) => replica.desired === 'stop')) return
    await tx.reservation.updateMany({
      where: { workloadId: workload.id, replicaId: null, releasedAt: null },
      data: { releasedAt: sys.now() },
    })
    // A replacement that started beside the old one stood in a place of its own; now the old one's is free.
    const free = [...Array(workload.replicasWanted).keys()].filter((n) => !open.some((r) => r.ordinal === n))
    for (const replica of open) {
      if (replica.ordinal < workload.replicasWanted) continue
      const ordinal = free.shift()
      if (ordinal !== undefined) await tx.replica.update({ where: { id: replica.id }, data: { ordinal } })
    }
    const done = await tx.workload.update({
      where: { id: workload.id },
      data: { ...MOVE_IS_OVER, version: { increment: 1 } },
    })
    await recordWorkloadEvent(tx, done)
    await syncWorkloadStatus(tx, sys, workload.id)
  })
}
