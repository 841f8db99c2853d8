import type { SystemCtx, Tx } from '../context'
import { notFound } from '../errors'
import { bumpNodes } from '../fleet/bump-nodes'
import { MOVE_IS_OVER } from './moving'
import { recordWorkloadEvent } from './record-workload-event'
import { lockWorkload } from './sync-workload-status'

/** Asks every replica to end; what was never started is closed at once. Idempotent. GPUs are freed as replicas end. */
export async function requestStop(
  sys: SystemCtx,
  input: { orgId: string; workloadId: string; reason: string },
): Promise<{ replicas: number }> {
  return sys.db.$transaction((tx) => stopInTx(tx, sys.now(), input))
}

export async function stopInTx(
  tx: Tx,
  at: Date,
  input: { orgId: string; workloadId: string; reason: string },
): Promise<{ replicas: number }> {
  // The workload first, as the statuses of its replicas do: neither waits for the other in a circle.
  await lockWorkload(tx, input.workloadId)
  const workload = await tx.workload.findFirst({ where: { id: input.workloadId, orgId: input.orgId } })
  if (!workload) throw notFound('workload')
  const live = await tx.replica.findMany({
    where: { workloadId: workload.id, closedAt: null },
    select: { id: true, nodeId: true, desired: true },
  })
  await tx.replica.updateMany({
    where: { workloadId: workload.id, closedAt: null },
    data: { desired: 'stop', version: { increment: 1 } },
  })
  // Claims that no replica took up belong to nobody now.
  await tx.reservation.updateMany({
    where: { workloadId: workload.id, replicaId: null, releasedAt: null },
    data: { releasedAt: at },
  })
  const over = live.length === 0
  const ended = ['stopped', 'succeeded', 'failed'].includes(workload.status)
  if (workload.desired === 'stop' && live.every((r) => r.desired === 'stop') && !(over && !ended))
    return { replicas: live.length }
  const changed = await tx.workload.update({
    where: { id: workload.id },
    data: {
      desired: 'stop',
      statusReason: input.reason,
      ...MOVE_IS_OVER,
      version: { increment: 1 },
      ...(ended ? {} : over ? { status: 'stopped', finishedAt: at } : { status: 'stopping' }),
    },
  })
  await bumpNodes(
    tx,
    live.map((r) => r.nodeId),
  )
  await recordWorkloadEvent(tx, changed)
  return { replicas: live.length }
}
