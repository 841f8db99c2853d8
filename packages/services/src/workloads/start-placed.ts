import { replicaSpec } from '@clawbernetes/domain/workloads/replica-spec'
import { CHANNEL } from '@clawbernetes/db/listen'
import type { WorkloadModel } from '@clawbernetes/db/rows'
import { replicaSpec as replicaSpecSchema, type ReplicaSpec } from '@clawbernetes/protocol/node/replica'
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
  const replicas: NewReplica[] = []
  const claims: NewClaim[] = []
  for (const { workload, spec, places } of placed) {
    const master = nodeOf.get(places.find((p) => p.ordinal === 0)?.nodeId ?? '')
    const masterAddress = (master?.inventory as { address?: string | null } | undefined)?.address ?? null
    for (const place of places) {
      const id = newId('replica', at)
      const complete = replicaSpecSchema.parse(
        replicaSpec(spec, place, { attempt: 1, workloadId: workload.id, masterAddress }),
      )
      const where = { id, org_id: workload.orgId, workload_id: workload.id, node_id: place.nodeId }
      const epoch = nodeOf.get(place.nodeId)?.epoch ?? 0
      replicas.push({ ...where, ordinal: place.ordinal, spec: complete, node_epoch: epoch })
      for (const gpuId of place.gpuIds)
        claims.push({ ...where, id: newId('reservation', at), gpu_id: gpuId, replica_id: id })
    }
  }
  await insertAll(tx, at, replicas, claims)
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

/** As the columns are called: the rows go to Postgres as one JSON value each. */
interface Where {
  id: string
  org_id: string
  workload_id: string
  node_id: string
}
type NewReplica = Where & { ordinal: number; spec: ReplicaSpec; node_epoch: number }
type NewClaim = Where & { gpu_id: string; replica_id: string }

/** Thousands of rows in two statements: bound one by one they take ten times as long as the placement itself. */
async function insertAll(tx: Tx, at: Date, replicas: NewReplica[], claims: NewClaim[]): Promise<void> {
  await tx.$executeRaw`
    insert into replica (id, org_id, workload_id, node_id, ordinal, spec, node_epoch, created_at, updated_at)
    select id, org_id, workload_id, node_id, ordinal, spec, node_epoch, ${at}, ${at}
    from json_to_recordset(${JSON.stringify(replicas)}::json)
      as r(id text, org_id text, workload_id text, node_id text, ordinal int, spec jsonb, node_epoch int)`
  await tx.$executeRaw`
    insert into reservation (id, org_id, workload_id, node_id, gpu_id, replica_id, created_at)
    select id, org_id, workload_id, node_id, gpu_id, replica_id, ${at}
    from json_to_recordset(${JSON.stringify(claims)}::json)
      as c(id text, org_id text, workload_id text, node_id text, gpu_id text, replica_id text)`
}
