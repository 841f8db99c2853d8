import type { ReplicaPlace } from '@clawbernetes/protocol/plans/steps'
import type { SystemCtx, Tx } from '../context'
import { ServiceError } from '../errors'
import { readSnapshot } from './read-snapshot'

/**
 * Every place must still be usable: same node, online, schedulable, same GPUs, free. Throws `conflict` with what changed.
 * @param own a workload whose own GPUs count as free, and whose own nodes may be cordoned: it stays or comes back there.
 * @returns whether all of it is simulated
 */
export async function checkPlaces(
  tx: Tx,
  sys: SystemCtx,
  input: { orgId: string; places: readonly ReplicaPlace[]; own?: { workloadId: string; nodeIds: ReadonlySet<string> } },
): Promise<boolean> {
  const snapshot = await readSnapshot(tx, input.orgId, sys.now())
  let demo = true
  for (const place of input.places) {
    const node = snapshot.nodes.find((n) => n.id === place.nodeId)
    if (!node) throw new ServiceError('conflict', `${place.nodeName} is no longer part of the fleet.`)
    if (!node.online) throw new ServiceError('conflict', `${node.name} is offline.`)
    if (node.blocked && !input.own?.nodeIds.has(node.id))
      throw new ServiceError('conflict', `${node.name}: ${node.blocked}.`)
    demo &&= node.demo
    for (const gpuId of place.gpuIds) {
      const gpu = node.gpus.find((g) => g.id === gpuId)
      if (!gpu) throw new ServiceError('conflict', `A GPU of ${node.name} is gone.`)
      const isOwn = input.own !== undefined && gpu.heldBy === input.own.workloadId
      if (gpu.unusable && !isOwn)
        throw new ServiceError('conflict', `GPU ${gpu.index} of ${node.name} cannot be used: ${gpu.unusable}.`)
      if (gpu.heldBy && !isOwn)
        throw new ServiceError('conflict', `GPU ${gpu.index} of ${node.name} was taken by another workload.`)
    }
  }
  return demo
}
