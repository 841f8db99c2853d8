import { replicaPlace, type ReplicaPlace } from '@clawbernetes/protocol/plans/steps'
import type { WorkloadModel } from '@clawbernetes/db/rows'
import * as z from 'zod'
import type { SystemCtx, Tx } from '../context'
import { createReplicas, nextAttempt } from './create-replicas'
import { MOVE_IS_OVER } from './moving'
import { recordWorkloadEvent } from './record-workload-event'

/**
 * Starts a workload again where it came from, as soon as nothing of it runs elsewhere; until then the next word of a node tries
 * again. Call with the workload's row locked.
 */
export async function startReturn(tx: Tx, sys: SystemCtx, workloadId: string): Promise<boolean> {
  const workload = await tx.workload.findUniqueOrThrow({ where: { id: workloadId } })
  if (workload.returnTo === null || workload.desired !== 'run') return false
  const places: ReplicaPlace[] = z.array(replicaPlace).parse(workload.returnTo)
  const ending = await tx.replica.count({ where: { workloadId, closedAt: null, desired: 'stop' } })
  if (ending > 0) return false
  const home = places.flatMap((place) => place.gpuIds)
  await tx.reservation.updateMany({
    where: { workloadId, replicaId: null, releasedAt: null, gpuId: { notIn: home } },
    data: { releasedAt: sys.now() },
  })
  // A replica that never left (a rank of a gang that stayed) keeps its place.
  const there = await tx.replica.findMany({ where: { workloadId, closedAt: null }, select: { ordinal: true } })
  const missing = places.filter((place) => !there.some((replica) => replica.ordinal === place.ordinal))
  const needed = missing.flatMap((place) => place.gpuIds)
  const held = await tx.reservation.count({
    where: { workloadId, replicaId: null, releasedAt: null, gpuId: { in: needed } },
  })
  const nodes = await tx.node.count({ where: { id: { in: missing.map((p) => p.nodeId) }, removedAt: null } })
  if (held < needed.length || nodes < new Set(missing.map((p) => p.nodeId)).size) return giveUp(tx, sys, workload)
  await createReplicas(tx, sys, {
    workload,
    places: missing,
    attempt: await nextAttempt(tx, workloadId),
    stepId: null,
  })
  const back = await tx.workload.update({
    where: { id: workloadId },
    data: {
      ...MOVE_IS_OVER,
      status: 'starting',
      statusReason: `Its move did not work: it starts again on ${[...new Set(places.map((p) => p.nodeName))].join(', ')}.`,
      version: { increment: 1 },
    },
  })
  await recordWorkloadEvent(tx, back)
  return true
}

/** Its old place is gone too: it waits for a person, and holds nothing. */
async function giveUp(tx: Tx, sys: SystemCtx, workload: WorkloadModel): Promise<boolean> {
  await tx.reservation.updateMany({
    where: { workloadId: workload.id, replicaId: null, releasedAt: null },
    data: { releasedAt: sys.now() },
  })
  const failed = await tx.workload.update({
    where: { id: workload.id },
    data: {
      ...MOVE_IS_OVER,
      status: 'failed',
      statusReason: 'Its move did not work and its old place is gone. Resume it to start it elsewhere.',
      finishedAt: sys.now(),
      version: { increment: 1 },
    },
  })
  await recordWorkloadEvent(tx, failed)
  return false
}
