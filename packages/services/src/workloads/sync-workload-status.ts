import type { WorkloadModel } from '@clawbernetes/db/rows'
import {
  currentReplicas,
  hasEnded,
  type ReplicaFacts,
  type ReplicaRow,
  type StatusVerdict,
  workloadStatus,
} from '@clawbernetes/domain/workloads/workload-status'
import type { SystemCtx, Tx } from '../context'
import { bumpAssignments } from '../fleet/bump-assignments'
import { recordNodeEvent } from '../fleet/record-node-event'
import { ring } from '../log/ring'
import { wakeSteps } from '../plans/wake-steps'
import { isMoving, MOVE_IS_OVER } from './moving'
import { recordWorkloadEvent } from './record-workload-event'
import { startReturn } from './start-return'

const OVER: ReadonlySet<string> = new Set(['stopped', 'succeeded', 'failed'])

/**
 * Makes a workload's row agree with its replicas: its status, the end of ranks whose gang failed, and the closing of
 * replicas that have ended for good, which frees their GPUs and takes them off their node's list. Call it in every
 * transaction that changed a replica or what is wanted, with the workload's row locked.
 */
export async function syncWorkloadStatus(tx: Tx, sys: SystemCtx, workloadId: string): Promise<StatusVerdict> {
  const workload = await tx.workload.findUniqueOrThrow({ where: { id: workloadId } })
  const replicas = await readCurrent(tx, workload)
  const verdict = await storeStatus(tx, sys, workload, replicas)
  const over = OVER.has(verdict.status)
  if (verdict.status === 'failed' && workload.kind === 'training') await stopSurvivors(tx, replicas)
  const ended = await tx.replica.findMany({
    where: {
      workloadId,
      closedAt: null,
      phase: { in: ['exited', 'failed', 'lost'] },
      ...(over || workload.desired === 'stop' ? {} : { desired: 'stop' }),
    },
    select: { id: true, nodeId: true },
  })
  if (ended.length > 0) await closeReplicas(tx, sys, workload, ended, !over)
  // Claims that no replica took up belong to nobody once it is over, and no plan moves it any more.
  if (over) {
    await tx.reservation.updateMany({
      where: { workloadId, replicaId: null, releasedAt: null },
      data: { releasedAt: sys.now() },
    })
    if (isMoving(workload)) await tx.workload.update({ where: { id: workloadId }, data: MOVE_IS_OVER })
  } else if (workload.returnTo !== null) await startReturn(tx, sys, workloadId)
  await wakeSteps(tx, { workloadId, nodeIds: sortedNodes(ended) })
  return verdict
}

/** Holds the workload's row until the transaction ends: of two replicas that end at once, the later sees both. */
export async function lockWorkload(tx: Tx, workloadId: string): Promise<void> {
  await tx.$queryRaw`select 1 from "workload" where id = ${workloadId} for update`
}

type CurrentReplica = ReplicaRow & { id: string; nodeId: string }

/** The newest replica of each place that the workload still wants, closed or not. */
async function readCurrent(tx: Tx, workload: WorkloadModel): Promise<CurrentReplica[]> {
  const rows = await tx.replica.findMany({
    where: { workloadId: workload.id, OR: [{ closedAt: null }, { ordinal: { lt: workload.replicasWanted } }] },
    orderBy: [{ ordinal: 'asc' }, { attempt: 'desc' }, { createdAt: 'desc' }, { id: 'desc' }],
    select: {
      id: true,
      nodeId: true,
      desired: true,
      ordinal: true,
      attempt: true,
      phase: true,
      exitCode: true,
      oomKilled: true,
      reason: true,
      closedAt: true,
      createdAt: true,
    },
  })
  return currentReplicas(
    rows.map((row) => ({
      ...row,
      phase: row.phase as ReplicaFacts['phase'],
      open: row.closedAt === null,
      createdAtMs: row.createdAt.getTime(),
    })),
    { desired: workload.desired, moving: isMoving(workload) },
  )
}

async function storeStatus(
  tx: Tx,
  sys: SystemCtx,
  workload: WorkloadModel,
  replicas: CurrentReplica[],
): Promise<StatusVerdict> {
  const settled = workload.desired === 'stop' && OVER.has(workload.status)
  if (settled) return { status: workload.status, reason: workload.statusReason }
  const computed = workloadStatus({
    desired: workload.desired === 'stop' ? 'stop' : 'run',
    kind: workload.kind,
    replicasWanted: workload.replicasWanted,
    replicas,
    moving: isMoving(workload),
  })
  // A stop carries the words of whoever asked for it.
  const verdict = workload.desired === 'stop' ? { ...computed, reason: workload.statusReason } : computed
  if (verdict.status === workload.status && verdict.reason === workload.statusReason) return verdict
  const now = sys.now()
  const changed = await tx.workload.update({
    where: { id: workload.id },
    data: {
      status: verdict.status,
      statusReason: verdict.reason,
      startedAt: workload.startedAt ?? (verdict.status === 'running' ? now : null),
      finishedAt: OVER.has(verdict.status) ? now : null,
      version: { increment: 1 },
    },
  })
  await recordWorkloadEvent(tx, changed)
  return verdict
}

/** Ranks start and fail together: the others of a failed gang would wait for the dead one for ever. */
async function stopSurvivors(tx: Tx, replicas: CurrentReplica[]): Promise<void> {
  const alive = replicas.filter((replica) => !hasEnded(replica) && replica.desired === 'run')
  if (alive.length === 0) return
  await tx.replica.updateMany({
    where: { id: { in: alive.map((replica) => replica.id) } },
    data: { desired: 'stop', version: { increment: 1 } },
  })
  for (const nodeId of sortedNodes(alive)) await bumpAssignments(tx, nodeId)
}

async function closeReplicas(
  tx: Tx,
  sys: SystemCtx,
  workload: WorkloadModel,
  ended: { id: string; nodeId: string }[],
  goesOn: boolean,
): Promise<void> {
  const { orgId } = workload
  const now = sys.now()
  const ids = ended.map((replica) => replica.id)
  await tx.replica.updateMany({
    where: { id: { in: ids }, closedAt: null },
    data: { closedAt: now, version: { increment: 1 } },
  })
  await tx.reservation.updateMany({
    where: { replicaId: { in: ids }, releasedAt: null },
    // Of a workload on the move the old place stays its own: it is where it comes back to if the new one does not work.
    data: goesOn && isMoving(workload) ? { replicaId: null } : { releasedAt: now },
  })
  await ring(tx, { topic: 'placement', orgId })
  for (const nodeId of sortedNodes(ended)) {
    await bumpAssignments(tx, nodeId)
    const { version } = await tx.node.update({
      where: { id: nodeId },
      data: { version: { increment: 1 } },
      select: { version: true },
    })
    await recordNodeEvent(
      tx,
      { id: nodeId, orgId },
      { kind: 'node.upserted', entityId: nodeId, entityVersion: version },
    )
  }
}

/** Always in the same order, so that two transactions over the same nodes cannot wait for each other. */
const sortedNodes = (rows: { nodeId: string }[]): string[] => [...new Set(rows.map((row) => row.nodeId))].sort()
