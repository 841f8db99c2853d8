import type { Inventory } from '@clawbernetes/protocol/node/inventory'
import type { SystemCtx } from '../context'
import { notFound } from '../errors'
import { applyInventory, type NodeGpu } from './apply-inventory'
import { lockNode } from './lock-node'

/** A connected node's machine changed: a GPU appeared or fell off, a driver was updated. */
export async function updateInventory({
  sys,
  nodeId,
  inventory,
}: {
  sys: SystemCtx
  nodeId: string
  inventory: Inventory
}): Promise<NodeGpu[]> {
  return sys.db.$transaction(async (tx) => {
    const node = await lockNode(tx, nodeId)
    if (!node || node.removedAt) throw notFound('node')
    return applyInventory(tx, sys, node, inventory)
  })
}
