import { replicaSpec } from '@clawbernetes/domain/workloads/replica-spec'
import { replicaSpec as replicaSpecSchema } from '@clawbernetes/protocol/node/replica'
import type { ReplicaPlace } from '@clawbernetes/protocol/plans/steps'
import { workloadSpec } from '@clawbernetes/protocol/workloads/spec'
import type { Prisma, WorkloadModel } from '@clawbernetes/db/rows'
import { newId, type SystemCtx, type Tx } from '../context'
import { ServiceError } from '../errors'
import { bumpNodes } from '../fleet/bump-nodes'

/**
 * Puts replicas on their nodes' lists, on GPUs that the workload holds and no replica has taken up. The nodes hear of it at
 * commit. A live place is taken once: the database refuses a second replica beside one that is still open.
 */
export async function createReplicas(
  tx: Tx,
  sys: SystemCtx,
  input: {
    workload: WorkloadModel
    places: readonly ReplicaPlace[]
    attempt: number
    /** Idempotency key; null: the caller knows by other means that this is done once. */
    stepId: string | null
  },
): Promise<string[]> {
  const { workload, places } = input
  const spec = workloadSpec.parse(workload.spec)
  await requireSecrets(tx, workload, Object.values(spec.secretEnv ?? {}))
  const master = places.find((p) => p.ordinal === 0)
  const masterAddress = master ? await addressOf(tx, master.nodeId) : null
  const replicaIds: string[] = []
  for (const place of places) {
    const node = await tx.node.findFirst({
      where: { id: place.nodeId, orgId: workload.orgId, removedAt: null },
      select: { epoch: true },
    })
    if (!node) throw new ServiceError('conflict', `${place.nodeName} is no longer part of the fleet.`)
    const id = newId('replica', sys.now())
    const complete = replicaSpecSchema.parse(
      replicaSpec(spec, place, { attempt: input.attempt, workloadId: workload.id, masterAddress }),
    )
    await tx.replica.create({
      data: {
        id,
        orgId: workload.orgId,
        workloadId: workload.id,
        nodeId: place.nodeId,
        ordinal: place.ordinal,
        attempt: input.attempt,
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
  await bumpNodes(
    tx,
    places.map((p) => p.nodeId),
  )
  return replicaIds
}

async function requireSecrets(tx: Tx, workload: WorkloadModel, names: readonly string[]): Promise<void> {
  if (names.length === 0) return
  const known = await tx.secret.findMany({
    where: { orgId: workload.orgId, name: { in: [...names] } },
    select: { name: true },
  })
  const missing = names.find((name) => !known.some((secret) => secret.name === name))
  if (missing !== undefined)
    throw new ServiceError('conflict', `${workload.name} needs the secret ${missing}, which is not stored.`)
}

/** The attempt that starts next: one more than any before. */
export async function nextAttempt(tx: Tx, workloadId: string): Promise<number> {
  const last = await tx.replica.aggregate({ where: { workloadId }, _max: { attempt: true } })
  return (last._max.attempt ?? 0) + 1
}

async function addressOf(tx: Tx, nodeId: string): Promise<string | null> {
  const node = await tx.node.findUnique({ where: { id: nodeId }, select: { inventory: true } })
  return (node?.inventory as { address?: string | null } | null)?.address ?? null
}
