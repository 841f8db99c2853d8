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

  it('decides on neighbours of different shapes as if each were placed alone on what those before it left', () => {
    for (let seed = 1; seed <= 40; seed++) {
      let state = seed
      const next = (below: number) => (state = (state * 48_271) % 2_147_483_647) % below
      const queue = Array.from({ length: 25 }, (_, i) => {
        const gang = next(5) === 0
        // Even and odd places ask for different sizes, so that none is placed together with its neighbour.
        const size = (i % 2 === 0 ? [1, 3] : [2, 4, 8])[next(2)] ?? 1
        return ask(`w${i}`, size, gang ? 2 : 1, gang)
      })
      const world = fleet(5, 8)
      const alone = queue.map((queued) => {
        const [verdict] = placeQueue([queued], world)
        if (verdict?.placed)
          for (const at of verdict.places)
            for (const gpu of world.nodes.find((n) => n.id === at.nodeId)?.gpus ?? [])
              if (at.gpuIds.includes(gpu.id)) gpu.heldBy = queued.id
        return verdict?.placed ? verdict.places.flatMap((at) => at.gpuIds) : null
      })
      const together = placeQueue(queue, fleet(5, 8)).map((v) =>
        v.placed ? v.places.flatMap((at) => at.gpuIds) : null,
      )
      expect(together, `seed ${seed}`).toEqual(alone)
    }
  })
})
