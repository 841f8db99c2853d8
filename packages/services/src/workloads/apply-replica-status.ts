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
  const own = await sys.db.replica.findMany({
    where: { id: { in: statuses.map((status) => status.replicaId) }, nodeId },
    select: { id: true, workloadId: true },
  })
  const workloadOf = new Map(own.map((replica) => [replica.id, replica.workloadId]))
  const foreign: string[] = []
  for (const status of statuses) {
    const workloadId = workloadOf.get(status.replicaId)
    if (workloadId === undefined) foreign.push(status.replicaId)
    else await withRetry(() => sys.db.$transaction((tx) => applyOne(tx, sys, workloadId, status)))
  }
  return { foreign }
}

interface Before {
  phase: string
  reason: string | null
  restarts: number
}

async function applyOne(tx: Tx, sys: SystemCtx, workloadId: string, status: ReplicaStatus): Promise<void> {
  await lockWorkload(tx, workloadId)
  // Newer than what is stored, of this generation and of the node's present life; anything else changes nothing.
  const [before] = await tx.$queryRaw<Before[]>`
    select r.phase, r.reason, r.restarts from replica r join node n on n.id = r.node_id
    where r.id = ${status.replicaId} and r.closed_at is null and r.phase <> 'lost'
      and r.status_seq < ${status.seq} and r.generation = ${status.generation} and r.node_epoch = n.epoch`
  if (!before) return
  const after = await tx.replica.update({ where: { id: status.replicaId }, data: changes(status) })
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
