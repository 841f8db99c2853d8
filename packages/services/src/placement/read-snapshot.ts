import type { FleetSnapshot, SnapshotGpu, SnapshotNode } from '@clawbernetes/domain/placement/snapshot'
import type { DbOrTx } from '../context'

interface NodeRow {
  id: string
  name: string
  status: string
  status_reason: string | null
  cordoned_at: Date | null
  cordon_reason: string | null
  cordon_expires_at: Date | null
  labels: Record<string, string>
  memory_mib: number
  promised_mib: number
  runtimes: SnapshotNode['runtimes']
  data_roots: string[]
  data_paths: SnapshotNode['dataPaths']
  address: string | null
  demo: boolean
}

interface GpuRow {
  id: string
  node_id: string
  uuid: string
  index: number
  gpu_model: string
  memory_mib: number | null
  health: string
  health_reason: string | null
  readability: string
  missing: boolean
  link_domain: string | null
  held_by: string | null
}

/**
 * The organisation's fleet as placement sees it. Two statements that read only what is looked at: a fleet of 1,000 nodes is
 * read for every preview. Between them something may change; the claim itself is guarded by the database.
 */
export async function readSnapshot(db: DbOrTx, orgId: string, at: Date): Promise<FleetSnapshot> {
  // Parsed by zod when the node sent it.
  const nodes = await db.$queryRaw<NodeRow[]>`
    select n.id, n.name, n.status::text, n.status_reason, n.cordoned_at, n.cordon_reason, n.cordon_expires_at, n.labels, n.memory_mib, n.demo,
      n.inventory -> 'runtimes' as runtimes, n.inventory -> 'dataRoots' as data_roots, n.inventory -> 'dataPaths' as data_paths, n.inventory ->> 'address' as address,
      coalesce((select sum((r.spec ->> 'memoryMib')::int) from replica r where r.node_id = n.id and r.closed_at is null), 0)::int as promised_mib
    from node n where n.org_id = ${orgId} and n.removed_at is null order by n.name`
  const gpus = await db.$queryRaw<GpuRow[]>`
    select g.id, g.node_id, g.uuid, g.index, g.gpu_model, g.memory_mib, g.health::text, g.health_reason, g.readability,
      g.missing_since is not null as missing, g.facts ->> 'linkDomain' as link_domain, v.workload_id as held_by
    from gpu g left join reservation v on v.gpu_id = g.id and v.released_at is null
    where g.org_id = ${orgId} order by g.index`
  const byNode = new Map<string, SnapshotGpu[]>(nodes.map((node) => [node.id, []]))
  for (const gpu of gpus) byNode.get(gpu.node_id)?.push(toGpu(gpu))
  return { at: at.toISOString(), nodes: nodes.map((node) => toNode(node, byNode.get(node.id) ?? [], at)) }
}

const toNode = (node: NodeRow, gpus: SnapshotGpu[], at: Date): SnapshotNode => ({
  id: node.id,
  name: node.name,
  online: node.status === 'online',
  blocked: blockedReason(node, at),
  labels: node.labels,
  memoryMib: node.memory_mib,
  memoryPromisedMib: node.promised_mib,
  runtimes: node.runtimes,
  dataRoots: node.data_roots,
  dataPaths: node.data_paths,
  address: node.address,
  demo: node.demo,
  gpus,
})

function blockedReason(node: NodeRow, at: Date): string | null {
  if (node.status === 'incompatible') return node.status_reason ?? 'its agent is incompatible'
  if (node.cordoned_at && (node.cordon_expires_at === null || node.cordon_expires_at > at))
    return `it is cordoned${node.cordon_reason ? ` (${node.cordon_reason})` : ''}`
  return null
}

const toGpu = (gpu: GpuRow): SnapshotGpu => ({
  id: gpu.id,
  uuid: gpu.uuid,
  index: gpu.index,
  model: gpu.gpu_model,
  memoryMib: gpu.memory_mib,
  unusable: unusableReason(gpu),
  heldBy: gpu.held_by,
  linkDomain: gpu.link_domain,
})

/** Suspect GPUs stay in use, as NVIDIA advises for contained errors; new work avoids quarantined, failed and unreadable ones. */
function unusableReason(gpu: GpuRow): string | null {
  if (gpu.missing) return 'no longer reported'
  if (gpu.readability !== 'ok') return `unreadable: ${gpu.readability}`
  if (gpu.health === 'quarantined' || gpu.health === 'failed' || gpu.health === 'resetting')
    return gpu.health_reason ?? gpu.health
  return null
}
