import type { FleetSnapshot, SnapshotGpu, SnapshotNode } from '@clawbernetes/domain/placement/snapshot'
import type { Inventory } from '@clawbernetes/protocol/node/inventory'
import type { ReplicaSpec } from '@clawbernetes/protocol/node/replica'
import type { Prisma } from '@clawbernetes/db/rows'
import type { DbOrTx } from '../context'

const INCLUDE = {
  gpus: {
    orderBy: { index: 'asc' },
    include: { reservations: { where: { releasedAt: null }, select: { workloadId: true } } },
  },
  replicas: { where: { closedAt: null }, select: { spec: true } },
} satisfies Prisma.NodeInclude
type Row = Prisma.NodeGetPayload<{ include: typeof INCLUDE }>

/** The organisation's fleet as placement sees it, in one consistent read. */
export async function readSnapshot(db: DbOrTx, orgId: string, at: Date): Promise<FleetSnapshot> {
  const nodes = await db.node.findMany({
    where: { orgId, removedAt: null },
    orderBy: { name: 'asc' },
    include: INCLUDE,
  })
  return { at: at.toISOString(), nodes: nodes.map((node) => toSnapshot(node, at)) }
}

function toSnapshot(node: Row, at: Date): SnapshotNode {
  // Parsed by zod when the node sent it.
  const inventory = node.inventory as Inventory
  return {
    id: node.id,
    name: node.name,
    online: node.status === 'online',
    blocked: blockedReason(node, at),
    labels: node.labels as Record<string, string>,
    memoryMib: node.memoryMib,
    memoryPromisedMib: node.replicas.reduce((sum, r) => sum + ((r.spec as ReplicaSpec).memoryMib ?? 0), 0),
    runtimes: inventory.runtimes,
    dataRoots: inventory.dataRoots,
    dataPaths: inventory.dataPaths,
    address: inventory.address,
    demo: node.demo,
    gpus: node.gpus.map(toGpu),
  }
}

function blockedReason(node: Row, at: Date): string | null {
  if (node.status === 'incompatible') return node.statusReason ?? 'its agent is incompatible'
  if (node.cordonedAt && (node.cordonExpiresAt === null || node.cordonExpiresAt > at))
    return `it is cordoned${node.cordonReason ? ` (${node.cordonReason})` : ''}`
  return null
}

function toGpu(gpu: Row['gpus'][number]): SnapshotGpu {
  const facts = gpu.facts as { linkDomain?: string | null } | null
  return {
    id: gpu.id,
    uuid: gpu.uuid,
    index: gpu.index,
    model: gpu.gpuModel,
    memoryMib: gpu.memoryMib,
    unusable: unusableReason(gpu),
    heldBy: gpu.reservations[0]?.workloadId ?? null,
    linkDomain: facts?.linkDomain ?? null,
  }
}

/** Suspect GPUs stay in use, as NVIDIA advises for contained errors; new work avoids quarantined, failed and unreadable ones. */
function unusableReason(gpu: Row['gpus'][number]): string | null {
  if (gpu.missingSince) return 'no longer reported'
  if (gpu.readability !== 'ok') return `unreadable: ${gpu.readability}`
  if (gpu.health === 'quarantined' || gpu.health === 'failed' || gpu.health === 'resetting')
    return gpu.healthReason ?? gpu.health
  return null
}
