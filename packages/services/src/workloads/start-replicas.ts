import { replicaSpec } from '@clawbernetes/domain/workloads/replica-spec'
import { replicaSpec as replicaSpecSchema } from '@clawbernetes/protocol/node/replica'
import type { StepArgs } from '@clawbernetes/protocol/plans/steps'
import { workloadSpec } from '@clawbernetes/protocol/workloads/spec'
import type { Prisma } from '@clawbernetes/db/rows'
import { newId, type SystemCtx, type Tx } from '../context'
import { notFound, ServiceError } from '../errors'
import { bumpAssignments } from '../fleet/bump-assignments'
import { recordWorkloadEvent } from './record-workload-event'

/** Puts the replicas on their nodes' lists; a repeat finds those it made. The nodes hear of it at commit. */
export async function startReplicas(
  sys: SystemCtx,
  input: { orgId: string; stepId: string; args: StepArgs<'start-replicas'> },
): Promise<{ replicaIds: string[] }> {
  return sys.db.$transaction(async (tx) => {
    const workload = await tx.workload.findFirst({
      where: { id: input.args.workloadId, orgId: input.orgId, deletedAt: null },
    })
    if (!workload) throw notFound('workload')
    const made = await tx.replica.findMany({
      where: { createdByStep: input.stepId },
      select: { id: true },
      orderBy: { ordinal: 'asc' },
    })
    if (made.length > 0) return { replicaIds: made.map((r) => r.id) }
    if (workload.desired !== 'run') throw new ServiceError('conflict', `${workload.name} was stopped in the meantime.`)

    const spec = workloadSpec.parse(workload.spec)
    const master = input.args.places.find((p) => p.ordinal === 0)
    const masterAddress = master ? await addressOf(tx, master.nodeId) : null
    const replicaIds: string[] = []
    for (const place of input.args.places) {
      const node = await tx.node.findFirst({
        where: { id: place.nodeId, orgId: input.orgId, removedAt: null },
        select: { epoch: true },
      })
      if (!node) throw new ServiceError('conflict', `${place.nodeName} is no longer part of the fleet.`)
      const id = newId('replica', sys.now())
      const complete = replicaSpecSchema.parse(
        replicaSpec(spec, place, { attempt: 1, workloadId: workload.id, masterAddress }),
      )
      await tx.replica.create({
        data: {
          id,
          orgId: input.orgId,
          workloadId: workload.id,
          nodeId: place.nodeId,
          ordinal: place.ordinal,
          spec: complete as Prisma.InputJsonObject,
          nodeEpoch: node.epoch,
          createdByStep: input.stepId,
          createdAt: sys.now(),
        },
      })
      const claimed = await tx.reservation.updateMany({
        where: { workloadId: workload.id, gpuId: { in: place.gpuIds }, releasedAt: null, replicaId: null },
        data: { replicaId: id },
      })
      if (claimed.count !== place.gpuIds.length)
        throw new ServiceError('conflict', `The GPUs of ${place.nodeName} are no longer claimed for ${workload.name}.`)
      replicaIds.push(id)
    }
    // Nodes in one order everywhere: two transactions that raise several lists never wait for each other in a circle.
    for (const nodeId of [...new Set(input.args.places.map((p) => p.nodeId))].sort()) await bumpAssignments(tx, nodeId)
    const started = await tx.workload.update({
      where: { id: workload.id },
      data: { status: 'starting', statusReason: null, version: { increment: 1 } },
    })
    await recordWorkloadEvent(tx, started)
    return { replicaIds }
  })
}

async function addressOf(tx: Tx, nodeId: string): Promise<string | null> {
  const node = await tx.node.findUnique({ where: { id: nodeId }, select: { inventory: true } })
  return (node?.inventory as { address?: string | null } | null)?.address ?? null
}
