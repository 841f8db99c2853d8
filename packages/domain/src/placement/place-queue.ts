import type { ReplicaPlace } from '@clawbernetes/protocol/plans/steps'
import { canonicalJson } from '../canonical-json'
import { type KnownVerdicts, type Placement, place, placeUpTo } from './place'
import type { PlacementRequest } from './request'
import type { FleetSnapshot } from './snapshot'

export interface Queued {
  id: string
  request: PlacementRequest
}

export type QueueVerdict =
  | { id: string; placed: true; places: ReplicaPlace[]; reason: string }
  | { id: string; placed: false; reason: string; considered: Placement['considered'] }

/**
 * Places a queue in its order against one snapshot, each seeing what those before it took. Neighbours in the queue that ask for
 * the same are placed in one pass over the fleet. What does not fit is passed over: smaller ones behind it may go.
 */
export function placeQueue(queue: readonly Queued[], snapshot: FleetSnapshot): QueueVerdict[] {
  const world: World = { ...copyOf(snapshot), known: new Map() }
  const verdicts: QueueVerdict[] = []
  for (let i = 0; i < queue.length; ) {
    const run = sameShape(queue, i)
    verdicts.push(...(run.length > 1 ? placeRun(run, world) : placeOne(queue[i] as Queued, world)))
    i += run.length
  }
  return verdicts
}

/** The fleet as those before in the queue left it, with what is known of each node for each shape that was asked for. */
type World = FleetSnapshot & { known: Map<string, KnownVerdicts> }

function knownFor(world: World, request: PlacementRequest): KnownVerdicts {
  const shape = canonicalJson(request)
  const known = world.known.get(shape) ?? new Map()
  world.known.set(shape, known)
  return known
}

/** Single replicas that ask for the same, one behind the other. */
function sameShape(queue: readonly Queued[], from: number): Queued[] {
  const first = queue[from] as Queued
  if (first.request.replicas !== 1) return [first]
  const shape = canonicalJson(first.request)
  let to = from + 1
  while (to < queue.length && canonicalJson(queue[to]?.request) === shape) to += 1
  return queue.slice(from, to)
}

function placeRun(run: Queued[], world: World): QueueVerdict[] {
  const { request } = run[0] as Queued
  const filled = placeUpTo({ ...request, replicas: run.length }, world)
  take(world, filled.places, request)
  // Why the rest waits is judged on the fleet as it is now, with those before them placed.
  const rest = filled.places.length < run.length ? place(request, world, knownFor(world, request)) : filled
  return run.map(({ id }, n): QueueVerdict => {
    const at = filled.places[n]
    if (!at) return { id, placed: false, reason: rest.reason, considered: rest.considered }
    return {
      id,
      placed: true,
      places: [{ ...at, ordinal: 0 }],
      reason: `${at.nodeName}: ${request.gpusPerReplica} GPUs`,
    }
  })
}

function placeOne({ id, request }: Queued, world: World): QueueVerdict[] {
  const found = place(request, world, knownFor(world, request))
  if (found.places.length === 0) return [{ id, placed: false, reason: found.reason, considered: found.considered }]
  take(world, found.places, request)
  return [{ id, placed: true, places: found.places, reason: found.reason }]
}

function copyOf(snapshot: FleetSnapshot): FleetSnapshot {
  return { at: snapshot.at, nodes: snapshot.nodes.map((n) => ({ ...n, gpus: n.gpus.map((g) => ({ ...g })) })) }
}

function take(world: World, places: readonly ReplicaPlace[], request: PlacementRequest): void {
  const byId = new Map(world.nodes.map((n) => [n.id, n]))
  for (const at of places) {
    const node = byId.get(at.nodeId)
    if (!node) continue
    for (const known of world.known.values()) known.delete(node.id)
    node.memoryPromisedMib += request.memoryMib ?? 0
    const taken = new Set(at.gpuIds)
    for (const gpu of node.gpus) if (taken.has(gpu.id)) gpu.heldBy = 'queue'
  }
}
