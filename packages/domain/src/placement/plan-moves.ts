import type { LivePlace, ReplicaPlace } from '@clawbernetes/protocol/plans/steps'
import type { WorkloadSpec } from '@clawbernetes/protocol/workloads/spec'
import { placementRequest } from '../workloads/placement-request'
import type { Verdict } from './filter'
import { type Placement, place } from './place'
import type { FleetSnapshot } from './snapshot'

/** A workload that is to leave one or more nodes. */
export interface Moving {
  id: string
  name: string
  spec: WorkloadSpec
  replicas: readonly LivePlace[]
}

export interface MoveOptions {
  /** Nodes that it leaves; replicas elsewhere stay, unless they belong to a gang. */
  leave: ReadonlySet<string>
  /** A node that a person named: their word stands over the workload's own rules for nodes and GPU model. null: any. */
  to: string | null
  /** Nodes that must not be used: those that are being emptied. */
  exclude: readonly string[]
}

export interface Move {
  workload: Moving
  /** Replicas that are ended: those that leave, and all ranks of a gang. */
  from: LivePlace[]
  to: ReplicaPlace[]
  /** GPU models before and after, where they can be told. */
  modelFrom: string | null
  modelTo: string | null
  /** A service: the replacement is ready before the old one goes. */
  replaceFirst: boolean
  considered: Verdict[]
}

export interface Stuck {
  workload: Moving
  reason: string
  considered: Verdict[]
}

/**
 * Where each workload would go, each seeing what those before it took; the largest first, so that small ones do not take the only
 * whole node. The same placement as everything else: what has no place is told with the reason of every node.
 */
export function planMoves(
  workloads: readonly Moving[],
  snapshot: FleetSnapshot,
  options: MoveOptions,
): { moves: Move[]; stuck: Stuck[] } {
  const world = { at: snapshot.at, nodes: snapshot.nodes.map((n) => ({ ...n, gpus: n.gpus.map((g) => ({ ...g })) })) }
  const moves: Move[] = []
  const stuck: Stuck[] = []
  const size = (w: Moving) => w.spec.gpusPerReplica * w.replicas.length
  for (const workload of [...workloads].sort((a, b) => size(b) - size(a) || a.name.localeCompare(b.name, 'en'))) {
    const planned = planOne(workload, world, options)
    if ('reason' in planned) stuck.push(planned)
    else {
      moves.push(planned)
      take(world, planned)
    }
  }
  return { moves, stuck }
}

function planOne(workload: Moving, world: FleetSnapshot, options: MoveOptions): Move | Stuck {
  const leaving = workload.replicas.filter((r) => options.leave.has(r.nodeId))
  const isGang = workload.spec.gang && workload.spec.replicas > 1
  const modelFrom = modelOf(leaving, world)
  const { found, reason } = findPlaces(workload, leaving.length, modelFrom, world, options)
  if (found.places.length < leaving.length) return { workload, reason, considered: found.considered }
  const replaceFirst = workload.spec.kind === 'service' && !isGang
  const moved = leaving.map((replica, i): ReplicaPlace => {
    const target = found.places[i] as ReplicaPlace
    // Beside its old replica a replacement needs a place of its own; it takes over the old one's when the move is done.
    return { ...target, ordinal: replaceFirst ? workload.spec.replicas + i : replica.ordinal }
  })
  const staying = isGang ? workload.replicas.filter((r) => !options.leave.has(r.nodeId)) : []
  const from = [...leaving, ...staying].sort((a, b) => a.ordinal - b.ordinal)
  const to = [...moved, ...staying.map(placeOf)].sort((a, b) => a.ordinal - b.ordinal)
  return { workload, from, to, modelFrom, modelTo: modelOf(moved, world), replaceFirst, considered: found.considered }
}

/** Its own GPU model first: another one changes speed, memory and cost. Only where its rules allow it, or a person named the node. */
function findPlaces(
  workload: Moving,
  replicas: number,
  model: string | null,
  world: FleetSnapshot,
  options: MoveOptions,
): { found: Placement; reason: string } {
  const base = {
    ...placementRequest(workload.spec),
    replicas,
    gang: false,
    nodes: options.to === null ? workload.spec.placement.nodes : [options.to],
    excludeNodes: [...(options.to === null ? workload.spec.placement.excludeNodes : []), ...options.exclude],
    labels: options.to === null ? workload.spec.placement.labels : {},
  }
  const wanted = workload.spec.placement.gpuModel ?? model
  const same = place({ ...base, gpuModel: wanted }, world)
  const isFixed = workload.spec.placement.gpuModel !== null && options.to === null
  const needsSame = workload.spec.gang && workload.spec.replicas > 1
  const found = same.places.length > 0 || isFixed || needsSame ? same : place({ ...base, gpuModel: null }, world)
  const pinned = options.to === null && workload.spec.placement.nodes !== null
  if (!pinned) return { found, reason: found.reason }
  const bound = workload.spec.placement.nodes ?? []
  const left = bound.filter((name) => !options.exclude.includes(name))
  const rule = `it is bound to ${bound.join(', ')}`
  return { found, reason: left.length === 0 ? rule : `${rule}. ${found.reason}` }
}

/** The place of a replica, without the replica. */
export const placeOf = ({ ordinal, nodeId, nodeName, gpuIds, gpuUuids }: ReplicaPlace): ReplicaPlace => ({
  ordinal,
  nodeId,
  nodeName,
  gpuIds,
  gpuUuids,
})

const modelOf = (places: readonly ReplicaPlace[], world: FleetSnapshot): string | null => {
  const ids = new Set(places.flatMap((p) => p.gpuIds))
  return world.nodes.flatMap((n) => n.gpus).find((gpu) => ids.has(gpu.id))?.model ?? null
}

function take(world: FleetSnapshot, { workload, to, from }: Move): void {
  const own = new Set(from.flatMap((p) => p.gpuIds))
  for (const place of to) {
    const node = world.nodes.find((n) => n.id === place.nodeId)
    if (!node) continue
    if (place.gpuIds.some((id) => !own.has(id)) || place.gpuIds.length === 0)
      node.memoryPromisedMib += workload.spec.memoryMib ?? 0
    for (const gpu of node.gpus) if (place.gpuIds.includes(gpu.id)) gpu.heldBy ??= workload.id
  }
}
