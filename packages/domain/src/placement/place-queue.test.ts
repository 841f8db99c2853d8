import { describe, expect, it } from 'vitest'
import { placeQueue } from './place-queue'
import type { PlacementRequest } from './request'
import type { FleetSnapshot } from './snapshot'

const ask = (
  id: string,
  gpusPerReplica: number,
  replicas = 1,
  gang = false,
): { id: string; request: PlacementRequest } => ({
  id,
  request: {
    replicas,
    gpusPerReplica,
    gang,
    runtime: 'container',
    gpuModel: null,
    minGpuMemoryMib: null,
    nodes: null,
    excludeNodes: [],
    labels: {},
    memoryMib: null,
    requiredPaths: [],
  },
})
const fleet = (nodes: number, gpus: number): FleetSnapshot => ({
  at: '2026-01-01T00:00:00.000Z',
  nodes: Array.from({ length: nodes }, (_, n) => ({
    id: `n${n}`,
    name: `node-${n}`,
    online: true,
    blocked: null,
    labels: {},
    memoryMib: 1024,
    memoryPromisedMib: 0,
    runtimes: [{ kind: 'container', engine: 'x', gpu: 'cdi' }],
    dataRoots: [],
    dataPaths: [],
    address: null,
    demo: false,
    gpus: Array.from({ length: gpus }, (_, g) => ({
      id: `${n}-${g}`,
      uuid: `u${n}-${g}`,
      index: g,
      model: 'A100',
      memoryMib: 81_920,
      unusable: null,
      heldBy: null,
      linkDomain: null,
    })),
  })),
})

describe('placeQueue', () => {
  it('gives every GPU to one workload only, however the queue is mixed', () => {
    const queue = [
      ...Array.from({ length: 20 }, (_, i) => ask(`a${i}`, 1)),
      ask('big', 8),
      ask('gang', 8, 2, true),
      ...Array.from({ length: 30 }, (_, i) => ask(`b${i}`, 2)),
    ]
    const placed = placeQueue(queue, fleet(8, 8)).flatMap((v) => (v.placed ? v.places.flatMap((p) => p.gpuIds) : []))
    expect(new Set(placed).size).toBe(placed.length)
    expect(placed.length).toBe(64)
  })

  it('answers for each in the order of the queue, and lets smaller ones pass what does not fit', () => {
    const verdicts = placeQueue([ask('huge', 16), ask('small', 1)], fleet(1, 8))
    expect(verdicts.map((v) => [v.id, v.placed])).toEqual([
      ['huge', false],
      ['small', true],
    ])
  })

  it('leaves the snapshot as it was', () => {
    const world = fleet(2, 8)
    placeQueue([ask('a', 8)], world)
    expect(world.nodes.every((n) => n.gpus.every((g) => g.heldBy === null))).toBe(true)
  })
})
