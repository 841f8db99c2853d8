import { replicaSpec } from '@clawbernetes/domain/workloads/replica-spec'
import { CHANNEL } from '@clawbernetes/db/listen'
import type { Prisma, WorkloadModel } from '@clawbernetes/db/rows'
import { replicaSpec as replicaSpecSchema } from '@clawbernetes/protocol/node/replica'
import type { ReplicaPlace } from '@clawbernetes/protocol/plans/steps'
import type { WorkloadSpec } from '@clawbernetes/protocol/workloads/spec'
import { newId, type SystemCtx, type Tx } from '../context'
import { recordEvents } from '../log/record-events'
import { workloadEvents } from './workload-events'

export interface Placed {
  workload: WorkloadModel
  spec: WorkloadSpec
  places: ReplicaPlace[]
  reason: string
}

/** Claims the GPUs of many workloads and puts their replicas on the nodes' lists, in a handful of statements. */
export async function startPlaced(tx: Tx, sys: SystemCtx, placed: readonly Placed[]): Promise<void> {
  if (placed.length === 0) return
  const at = sys.now()
  const nodeIds = [...new Set(placed.flatMap((p) => p.places.map((place) => place.nodeId)))].sort()
  const nodes = await tx.node.findMany({
    where: { id: { in: nodeIds } },
    select: { id: true, epoch: true, inventory: true },
  })
  const nodeOf = new Map(nodes.map((node) => [node.id, node]))
  const replicas: Prisma.ReplicaCreateManyInput[] = []
  const claims: Prisma.ReservationCreateManyInput[] = []
  for (const { workload, spec, places } of placed) {
    const master = nodeOf.get(places.find((p) => p.ordinal === 0)?.nodeId ?? '')
    const masterAddress = (master?.inventory as { address?: string | null } | undefined)?.address ?? null
    const common = { orgId: workload.orgId, workloadId: workload.id, createdAt: at }
    for (const place of places) {
      const id = newId('replica', at)
      const complete = replicaSpecSchema.parse(
        replicaSpec(spec, place, { attempt: 1, workloadId: workload.id, masterAddress }),
      )
      replicas.push({
        ...common,
        id,
        nodeId: place.nodeId,
        ordinal: place.ordinal,
        spec: complete as Prisma.InputJsonObject,
        nodeEpoch: nodeOf.get(place.nodeId)?.epoch ?? 0,
      })
      for (const gpuId of place.gpuIds)
        claims.push({ ...common, id: newId('reservation', at), gpuId, nodeId: place.nodeId, replicaId: id })
    }
  }
  await tx.replica.createMany({ data: replicas })
  await tx.reservation.createMany({ data: claims })
  await tx.$executeRaw`
    update workload w set status = 'starting', status_reason = v.reason, pending_reasons = null, version = w.version + 1, updated_at = ${at}
    from unnest(${placed.map((p) => p.workload.id)}::text[], ${placed.map((p) => p.reason)}::text[]) as v(id, reason) where w.id = v.id`
  await tx.node.updateMany({ where: { id: { in: nodeIds } }, data: { assignmentVersion: { increment: 1 } } })
  const bells = nodeIds.map((nodeId) => JSON.stringify({ topic: 'assignments', nodeId }))
  await tx.$executeRaw`select count(pg_notify(${CHANNEL}, bell)) from unnest(${bells}::text[]) as bell`
  await recordEvents(
    tx,
    placed.flatMap(({ workload }) =>
      workloadEvents({ ...workload, status: 'starting', version: workload.version + 1 }),
    ),
  )
}
