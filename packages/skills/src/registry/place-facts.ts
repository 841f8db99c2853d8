import type { FleetSnapshot } from '@clawbernetes/domain/placement/snapshot'
import type { PlanFact } from '@clawbernetes/protocol/plans/content'
import type { ReplicaPlace } from '@clawbernetes/protocol/plans/steps'

/** What must still be true when a workload of this name is placed there. */
export const placeFacts = (places: readonly ReplicaPlace[], snapshot: FleetSnapshot, name: string): PlanFact[] => [
  { kind: 'workload-name-free', id: name, value: true, text: `The name ${name} is free` },
  ...freePlaceFacts(places, snapshot),
]

/** What must still be true when something is placed there: nodes take work, GPUs are free and healthy. */
export function freePlaceFacts(places: readonly ReplicaPlace[], snapshot: FleetSnapshot): PlanFact[] {
  const list: PlanFact[] = []
  for (const p of places) {
    list.push(
      { kind: 'node-online', id: p.nodeId, value: true, text: `${p.nodeName} is online` },
      { kind: 'node-schedulable', id: p.nodeId, value: true, text: `${p.nodeName} takes new work` },
    )
    const node = snapshot.nodes.find((n) => n.id === p.nodeId)
    for (const gpuId of p.gpuIds) {
      const label = `GPU ${node?.gpus.find((g) => g.id === gpuId)?.index ?? '?'} of ${p.nodeName}`
      list.push(
        { kind: 'gpu-free', id: gpuId, value: true, text: `${label} is free` },
        { kind: 'gpu-usable', id: gpuId, value: true, text: `${label} is healthy` },
      )
    }
  }
  return list
}
