import type { Prisma } from '@clawbernetes/db/rows'
import type { ReplicaStatus } from '@clawbernetes/protocol/node/replica'
import { inert } from '@clawbernetes/protocol/text'
import type { SystemCtx, Tx } from '../context'
import { recordEvent } from '../log/record-event'
import { withRetry } from '../with-retry'
import { lockWorkload, syncWorkloadStatus } from './sync-workload-status'

/**
 * Stores what a node says of its replicas. Each is compared by node, generation, epoch and sequence, so that a repeat or an
 * older word changes nothing.
 * @returns ids that are not replicas of this node: nothing was changed for them
 */
export async function applyReplicaStatuses({
  sys,
  nodeId,
  statuses,
}: {
  sys: SystemCtx
  nodeId: string
  statuses: ReplicaStatus[]
}): Promise<{ foreign: string[] }> {
  const foreign: string[] = []
  for (const status of statuses) {
    const replica = await sys.db.replica.findFirst({
      where: { id: status.replicaId, nodeId },
      select: { workloadId: true },
    })
    if (!replica) foreign.push(status.replicaId)
    else await withRetry(() => sys.db.$transaction((tx) => applyOne(tx, sys, replica.workloadId, status)))
  }
  return { foreign }
}

async function applyOne(tx: Tx, sys: SystemCtx, workloadId: string, status: ReplicaStatus): Promise<void> {
  await lockWorkload(tx, workloadId)
  const before = await tx.replica.findUnique({
    where: { id: status.replicaId },
    include: { node: { select: { epoch: true } } },
  })
  if (!before || before.closedAt || before.phase === 'lost') return
  const old =
    status.seq <= before.statusSeq || status.generation !== before.generation || before.nodeEpoch !== before.node.epoch
  if (old) return
  const after = await tx.replica.update({ where: { id: before.id }, data: changes(status) })
  if (before.phase !== after.phase || before.reason !== after.reason || before.restarts !== after.restarts)
    await recordEvent(tx, {
      orgId: after.orgId,
      room: `workload:${workloadId}`,
      kind: 'replica.status',
      entityId: after.id,
      entityVersion: after.version,
      data: { workloadId, nodeId: after.nodeId, ordinal: after.ordinal, phase: after.phase, reason: after.reason },
    })
  await syncWorkloadStatus(tx, sys, workloadId)
}

function changes(status: ReplicaStatus): Prisma.ReplicaUpdateInput {
  return {
    phase: status.phase,
    statusSeq: status.seq,
    exitCode: status.exitCode,
    signal: status.signal,
    oomKilled: status.oomKilled,
    gpuVerified: status.gpuVerified,
    restarts: status.restarts,
    endpoints: status.endpoints,
    reasonCode: status.reason?.code ?? null,
    reason: status.reason ? inert(status.reason.message, 600) : null,
    startedAt: dateOf(status.startedAtMs),
    finishedAt: dateOf(status.finishedAtMs),
    version: { increment: 1 },
  }
}

const dateOf = (ms: number | null): Date | null => (ms === null ? null : new Date(ms))
