import type { GpuModel, NodeModel, Prisma } from '@clawbernetes/db/rows'
import { canonicalJson } from '@clawbernetes/domain/canonical-json'
import type { GpuInventory, Inventory } from '@clawbernetes/protocol/node/inventory'
import { newId, type SystemCtx, type Tx } from '../context'
import { ServiceError } from '../errors'
import { assignGpuSlots } from './assign-gpu-slots'
import { withOverrides } from './node-labels'
import { recordNodeEvent } from './record-node-event'

/** How the gateway reads a node's samples: by UUID, with the place that each GPU has in its arrays. */
export interface NodeGpu {
  id: string
  uuid: string
  slot: number
  readability: GpuInventory['readability']
}

/**
 * Makes the rows of a node and its GPUs agree with what it reports. GPUs are known by UUID; one that is no longer reported
 * stays, marked as missing. A UUID that another live node holds is not taken from it. Call with the node's row locked.
 */
export async function applyInventory(
  tx: Tx,
  sys: SystemCtx,
  node: NodeModel,
  inventory: Inventory,
): Promise<NodeGpu[]> {
  if (inventory.demo !== node.demo)
    throw new ServiceError(
      'invalid',
      `Node ${node.name} joined as ${node.demo ? 'a demo' : 'a real'} node and cannot become ${node.demo ? 'a real' : 'a demo'} one.`,
    )
  if (canonicalJson(node.inventory) !== canonicalJson(inventory)) {
    const updated = await tx.node.update({
      where: { id: node.id },
      data: {
        inventory: inventory as unknown as Prisma.InputJsonObject,
        labels: withOverrides(inventory.labels, node.labelOverrides),
        cpuCores: inventory.cpuCores,
        memoryMib: inventory.memoryMib,
        version: { increment: 1 },
      },
    })
    await recordNodeEvent(tx, node, { kind: 'node.upserted', entityId: node.id, entityVersion: updated.version })
  }
  const reported = new Map(inventory.gpus.map((gpu) => [gpu.uuid, gpu]))
  const known = await tx.gpu.findMany({
    where: { orgId: node.orgId, OR: [{ nodeId: node.id }, { uuid: { in: [...reported.keys()] } }] },
  })
  const held = await heldElsewhere(tx, node.id, known)
  const present: GpuModel[] = []
  for (const gpu of reported.values()) {
    if (held.has(gpu.uuid)) continue
    present.push(
      await upsertGpu(
        tx,
        sys,
        node,
        gpu,
        known.find((row) => row.uuid === gpu.uuid),
      ),
    )
  }
  for (const row of known) if (row.nodeId === node.id && !reported.has(row.uuid)) await markMissing(tx, sys, node, row)
  const slots = await assignGpuSlots(tx, sys, node.num, present)
  return present.flatMap((row) => {
    const slot = slots.get(row.id)
    return slot === undefined
      ? []
      : [{ id: row.id, uuid: row.uuid, slot, readability: row.readability as NodeGpu['readability'] }]
  })
}

/** UUIDs that another node of the organisation still answers for: that node is alive and reports the GPU, or work holds it. */
async function heldElsewhere(tx: Tx, nodeId: string, known: GpuModel[]): Promise<Set<string>> {
  const foreign = known.filter((row) => row.nodeId !== nodeId)
  if (foreign.length === 0) return new Set()
  const holding = await tx.gpu.findMany({
    where: {
      id: { in: foreign.map((row) => row.id) },
      OR: [
        { missingSince: null, node: { removedAt: null, status: { in: ['online', 'joining'] } } },
        { reservations: { some: { releasedAt: null } } },
      ],
    },
    select: { uuid: true },
  })
  return new Set(holding.map((row) => row.uuid))
}

async function upsertGpu(
  tx: Tx,
  sys: SystemCtx,
  node: NodeModel,
  gpu: GpuInventory,
  row: GpuModel | undefined,
): Promise<GpuModel> {
  const facts = gpu as unknown as Prisma.InputJsonObject
  const data = {
    nodeId: node.id,
    index: gpu.index,
    vendor: gpu.vendor,
    name: gpu.name,
    gpuModel: gpu.model,
    memoryMib: gpu.memoryMib,
    readability: gpu.readability,
    missingSince: null,
  }
  if (!row) {
    const created = await tx.gpu.create({
      data: { ...data, id: newId('gpu', sys.now()), orgId: node.orgId, uuid: gpu.uuid, facts },
    })
    await gpuEvent(tx, node, created)
    return created
  }
  const same =
    row.nodeId === node.id &&
    row.missingSince === null &&
    canonicalJson(row.facts) === canonicalJson(gpu) &&
    row.readability === gpu.readability
  if (same) return row
  const updated = await tx.gpu.update({ where: { id: row.id }, data: { ...data, facts, version: { increment: 1 } } })
  await gpuEvent(tx, node, updated)
  return updated
}

async function markMissing(tx: Tx, sys: SystemCtx, node: NodeModel, row: GpuModel): Promise<void> {
  if (row.missingSince) return
  const updated = await tx.gpu.update({
    where: { id: row.id },
    data: { missingSince: sys.now(), version: { increment: 1 } },
  })
  await gpuEvent(tx, node, updated)
}

const gpuEvent = (tx: Tx, node: NodeModel, gpu: GpuModel) =>
  recordNodeEvent(tx, node, {
    kind: 'gpu.state',
    entityId: gpu.id,
    entityVersion: gpu.version,
    data: { nodeId: node.id, health: gpu.health, readability: gpu.readability, missing: gpu.missingSince !== null },
  })
