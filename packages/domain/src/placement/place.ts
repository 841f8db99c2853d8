import type { ReplicaPlace } from '@clawbernetes/protocol/plans/steps'
import { filterNode, type Verdict } from './filter'
import { pickGpus } from './pick-gpus'
import type { PlacementRequest } from './request'
import type { FleetSnapshot, SnapshotNode } from './snapshot'

export interface Placement {
  /** Empty when it can't be placed. */
  places: ReplicaPlace[]
  /** One verdict per node of the snapshot, best first. */
  considered: Verdict[]
  /** In words: why this choice, or what is missing. */
  reason: string
}

/** Verdicts by node id that still hold for one and the same request; whoever changes a node takes its verdict out. */
export type KnownVerdicts = Map<string, Verdict>

/**
 * Filter → score → pick. The same function makes the preview on a card, the claim at execution and the answer to
 * "why is it pending?". Deterministic: equal snapshots give equal places.
 */
export function place(request: PlacementRequest, snapshot: FleetSnapshot, known?: KnownVerdicts): Placement {
  const judged = judge(request, snapshot, known)
  const places = request.gang ? placeGang(request, judged) : placeEach(request, judged)
  const considered = judged.map((j) => j.verdict)
  const complete = places.length === request.replicas
  return {
    places: complete ? places : [],
    considered,
    reason: complete ? chosenReason(places, considered) : missingReason(request, considered, places.length),
  }
}

/** As `place`, but keeps what fits when not all replicas do; never for a gang. For queues of many small ones. */
export function placeUpTo(request: PlacementRequest, snapshot: FleetSnapshot, known?: KnownVerdicts): Placement {
  const judged = judge(request, snapshot, known)
  const places = placeEach(request, judged)
  const considered = judged.map((j) => j.verdict)
  const complete = places.length === request.replicas
  return {
    places,
    considered,
    reason: complete ? chosenReason(places, considered) : missingReason({ ...request, replicas: 1 }, considered, 0),
  }
}

type Judged = { node: SnapshotNode; verdict: Verdict }

/** Every node with its verdict, best first; equal ones in the order of their names. */
function judge(request: PlacementRequest, snapshot: FleetSnapshot, known?: KnownVerdicts): Judged[] {
  const verdict = (node: SnapshotNode): Verdict => {
    const found = known?.get(node.id) ?? filterNode(request, node)
    known?.set(node.id, found)
    return found
  }
  return byName(snapshot.nodes)
    .map((node) => ({ node, verdict: verdict(node) }))
    .sort((a, b) => b.verdict.score - a.verdict.score)
}

const NAMES = new Intl.Collator('en', { numeric: true })
const ordered = new WeakMap<SnapshotNode[], SnapshotNode[]>()

/** Node-2 before node-10. Kept per fleet: a queue asks for the same nodes thousands of times, and comparing names is slow. */
function byName(nodes: SnapshotNode[]): SnapshotNode[] {
  const known = ordered.get(nodes)
  if (known) return known
  const sorted = nodes.toSorted((a, b) => NAMES.compare(a.name, b.name))
  ordered.set(nodes, sorted)
  return sorted
}

/** Fills the best node first (bin-packing): fewer nodes half used, fewer later workloads that find no whole node. */
function placeEach(request: PlacementRequest, judged: Judged[]): ReplicaPlace[] {
  const places: ReplicaPlace[] = []
  for (const { node, verdict } of judged) {
    const taken = new Set<string>()
    for (let n = 0; n < verdict.capacity && places.length < request.replicas; n++) {
      const gpus = pickGpus(request, node, taken)
      if (!gpus) break
      for (const gpu of gpus) taken.add(gpu.id)
      places.push({
        ordinal: places.length,
        nodeId: node.id,
        nodeName: node.name,
        gpuIds: gpus.map((g) => g.id),
        gpuUuids: gpus.map((g) => g.uuid),
      })
    }
  }
  return places
}

/** Ranks of one gang use one GPU model: a mixed gang runs at the pace of its slowest card. */
function placeGang(request: PlacementRequest, judged: Judged[]): ReplicaPlace[] {
  const models = new Map<string, Judged[]>()
  for (const j of judged) {
    if (j.verdict.capacity === 0) continue
    const model = j.verdict.model ?? 'cpu'
    models.set(model, [...(models.get(model) ?? []), j])
  }
  let best: ReplicaPlace[] = []
  for (const group of models.values()) {
    const places = placeEach(request, group)
    if (places.length > best.length) best = places
  }
  return best.length === request.replicas ? best : []
}

function chosenReason(places: ReplicaPlace[], considered: Verdict[]): string {
  const names = [...new Set(places.map((p) => p.nodeName))]
  const first = considered.find((v) => v.nodeName === names[0])
  return `${names.join(', ')}: ${first?.reason ?? 'fits'}`
}

function missingReason(request: PlacementRequest, considered: Verdict[], placed: number): string {
  if (considered.length === 0) return 'There are no nodes yet.'
  const shape =
    request.gpusPerReplica === 0
      ? 'a replica without GPUs'
      : `${request.gpusPerReplica} free ${request.gpuModel ?? ''} GPU${request.gpusPerReplica === 1 ? '' : 's'} on one node`.replace(
          / {2,}/g,
          ' ',
        )
  const nearest = considered[0]
  const part = placed > 0 ? `Only ${placed} of ${request.replicas} replicas fit. ` : ''
  return `${part}No node has room for ${shape}. Closest is ${nearest?.nodeName}: ${nearest?.reason}`
}
