import { place } from '@clawbernetes/domain/placement/place'
import { placementRequest } from '@clawbernetes/domain/workloads/placement-request'
import type { ReplicaPlace } from '@clawbernetes/protocol/plans/steps'
import { workloadSpec } from '@clawbernetes/protocol/workloads/spec'
import { Prisma, type WorkloadModel } from '@clawbernetes/db/rows'
import { newId, type SystemCtx, type Tx } from '../context'
import { readSnapshot } from '../placement/read-snapshot'
import { recordWorkloadEvent } from './record-workload-event'
import { startReplicas } from './start-replicas'

/** Workloads looked at per round and organisation, oldest first. */
const BATCH = 100

/**
 * Sweep: gives waiting workloads the GPUs that became free, oldest first, by the same placement as plans; stores for each
 * that still waits why no node takes it. Returns how many were placed.
 */
export async function placePending(sys: SystemCtx): Promise<number> {
  const orgs = await sys.db.workload.findMany({
    where: { status: { in: ['pending', 'placed'] }, desired: 'run', planId: null, deletedAt: null },
    distinct: ['orgId'],
    select: { orgId: true },
  })
  let placed = 0
  for (const { orgId } of orgs) {
    await finishPlaced(sys, orgId)
    const waiting = await sys.db.workload.findMany({
      where: { orgId, status: 'pending', desired: 'run', deletedAt: null },
      orderBy: { createdAt: 'asc' },
      take: BATCH,
    })
    for (const workload of waiting) if (await placeOne(sys, workload)) placed += 1
  }
  return placed
}

async function placeOne(sys: SystemCtx, workload: WorkloadModel): Promise<boolean> {
  const spec = workloadSpec.parse(workload.spec)
  try {
    const places = await sys.db.$transaction(async (tx) => {
      const found = place(placementRequest(spec), await readSnapshot(tx, workload.orgId, sys.now()))
      if (found.places.length === 0) {
        await keepReasons(
          tx,
          workload,
          found.reason,
          found.considered.map((v) => ({ node: v.nodeName, reason: v.reason })),
        )
        return null
      }
      return (await claim(sys, tx, workload, found.places, found.reason)) ? found.places : null
    })
    if (!places) return false
    await startReplicas(sys, {
      orgId: workload.orgId,
      stepId: `start:${workload.id}`,
      args: { workloadId: workload.id, places },
    })
    return true
  } catch (error) {
    // Another placement was faster: the workload keeps waiting.
    if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002') return false
    throw error
  }
}

async function claim(
  sys: SystemCtx,
  tx: Tx,
  workload: WorkloadModel,
  places: ReplicaPlace[],
  reason: string,
): Promise<boolean> {
  const moved = await tx.workload.updateMany({
    where: { id: workload.id, version: workload.version, status: 'pending' },
    data: { status: 'placed', statusReason: reason, pendingReasons: Prisma.DbNull, version: { increment: 1 } },
  })
  if (moved.count === 0) return false
  const at = sys.now()
  for (const p of places)
    for (const gpuId of p.gpuIds)
      await tx.reservation.create({
        data: {
          id: newId('reservation', at),
          orgId: workload.orgId,
          gpuId,
          nodeId: p.nodeId,
          workloadId: workload.id,
          stepId: `start:${workload.id}`,
          createdAt: at,
        },
      })
  await recordWorkloadEvent(tx, await tx.workload.findUniqueOrThrow({ where: { id: workload.id } }))
  return true
}

/** Claimed by an earlier round that died before it started the replicas: give the claims back, the next round places anew. */
async function finishPlaced(sys: SystemCtx, orgId: string): Promise<void> {
  const stuck = await sys.db.workload.findMany({
    where: {
      orgId,
      status: 'placed',
      planId: null,
      deletedAt: null,
      desired: 'run',
      replicas: { none: {} },
      updatedAt: { lt: new Date(sys.now().getTime() - 30_000) },
    },
  })
  for (const workload of stuck)
    await sys.db.$transaction(async (tx) => {
      const moved = await tx.workload.updateMany({
        where: { id: workload.id, version: workload.version, status: 'placed' },
        data: { status: 'pending', version: { increment: 1 } },
      })
      if (moved.count > 0)
        await tx.reservation.updateMany({
          where: { workloadId: workload.id, replicaId: null, releasedAt: null },
          data: { releasedAt: sys.now() },
        })
    })
}

async function keepReasons(
  tx: Tx,
  workload: WorkloadModel,
  reason: string,
  reasons: { node: string; reason: string }[],
): Promise<void> {
  if (workload.statusReason === reason && JSON.stringify(workload.pendingReasons) === JSON.stringify(reasons)) return
  const moved = await tx.workload.updateMany({
    where: { id: workload.id, version: workload.version, status: 'pending' },
    data: { statusReason: reason, pendingReasons: reasons, version: { increment: 1 } },
  })
  if (moved.count > 0)
    await recordWorkloadEvent(tx, await tx.workload.findUniqueOrThrow({ where: { id: workload.id } }))
}
