import { describe, expect, it } from 'vitest'
import { place } from './place'
import type { PlacementRequest } from './request'
import type { FleetSnapshot, SnapshotNode } from './snapshot'

const request = (change: Partial<PlacementRequest> = {}): PlacementRequest => ({
  replicas: 1,
  gpusPerReplica: 1,
  gang: false,
  runtime: 'container',
  gpuModel: null,
  minGpuMemoryMib: null,
  nodes: null,
  excludeNodes: [],
  labels: {},
  memoryMib: null,
  requiredPaths: [],
  ...change,
})

const node = (name: string, gpus: number, change: Partial<SnapshotNode> = {}, model = 'A100-80GB'): SnapshotNode => ({
  id: `id-${name}`,
  name,
  online: true,
  blocked: null,
  labels: {},
  memoryMib: 512 * 1024,
  memoryPromisedMib: 0,
  runtimes: [{ kind: 'container', engine: 'docker', gpu: 'cdi' }],
  dataRoots: ['/data'],
  dataPaths: [{ path: '/data/training', kind: 'dir', sizeMib: 12_000 }],
  address: null,
  demo: false,
  gpus: Array.from({ length: gpus }, (_, index) => ({
    id: `${name}-${index}`,
    uuid: `GPU-${name}-${index}`,
    index,
    model,
    memoryMib: 81_920,
    unusable: null,
    heldBy: null,
    linkDomain: null,
  })),
  ...change,
})

const fleet = (...nodes: SnapshotNode[]): FleetSnapshot => ({ at: '2026-01-01T00:00:00.000Z', nodes })
const taken = (n: SnapshotNode, ...indices: number[]): SnapshotNode => ({
  ...n,
  gpus: n.gpus.map((g) => (indices.includes(g.index) ? { ...g, heldBy: 'wl' } : g)),
})

describe('place', () => {
  it('fills the node that is left with the fewest free GPUs', () => {
    const placed = place(request({ gpusPerReplica: 4 }), fleet(node('node-02', 8), node('node-01', 4)))
    expect(placed.places.map((p) => p.nodeName)).toEqual(['node-01'])
    expect(placed.places[0]?.gpuIds).toHaveLength(4)
  })

  it('takes the cheaper card when both fit equally well', () => {
    const dear = node('a', 4, { labels: { 'price-per-gpu-hour-usd': '2.90' } }, 'H100-80GB')
    const cheap = node('b', 4, { labels: { 'price-per-gpu-hour-usd': '1.80' } })
    expect(place(request({ gpusPerReplica: 4 }), fleet(dear, cheap)).places[0]?.nodeName).toBe('b')
  })

  it('never splits a replica over nodes', () => {
    const placed = place(request({ gpusPerReplica: 4 }), fleet(taken(node('a', 4), 0, 1), taken(node('b', 4), 0, 1)))
    expect(placed.places).toEqual([])
    expect(placed.reason).toContain('2 of 4 GPUs free, 4 needed')
  })

  it('never gives out a GPU twice, whatever the number of replicas', () => {
    const placed = place(request({ replicas: 3, gpusPerReplica: 2 }), fleet(node('a', 4), node('b', 4)))
    const ids = placed.places.flatMap((p) => p.gpuIds)
    expect(new Set(ids).size).toBe(6)
  })

  it.each([
    ['an offline node', node('a', 4, { online: false }), 'offline'],
    ['a cordoned node', node('a', 4, { blocked: 'it is cordoned (fan)' }), 'blocked'],
    ['a node without the data', node('a', 4, { dataPaths: [] }), 'path-missing'],
    ['a node whose data roots do not hold the path', node('a', 4, { dataRoots: ['/mnt'] }), 'path-outside'],
    ['a node with another GPU model', node('a', 4, {}, 'L40S'), 'gpu-model'],
    [
      'a node whose engine cannot hand over GPUs',
      node('a', 4, { runtimes: [{ kind: 'container', engine: 'docker', gpu: 'none' }] }),
      'runtime',
    ],
  ])('refuses %s and says why', (_, one, code) => {
    const placed = place(request({ gpuModel: 'a100', requiredPaths: ['/data/training'] }), fleet(one))
    expect(placed.places).toEqual([])
    expect(placed.considered[0]).toMatchObject({ fits: false, code })
    expect(placed.considered[0]?.reason.length).toBeGreaterThan(5)
  })

  it('leaves out quarantined and unreadable GPUs', () => {
    const sick = node('a', 4)
    sick.gpus = sick.gpus.map((g) => (g.index < 2 ? { ...g, unusable: 'quarantined' } : g))
    expect(place(request({ gpusPerReplica: 2 }), fleet(sick)).places[0]?.gpuIds).toEqual(['a-2', 'a-3'])
    expect(place(request({ gpusPerReplica: 3 }), fleet(sick)).considered[0]?.code).toBe('gpu-unusable')
  })

  it('keeps replicas that need RAM off a node that has promised it away', () => {
    const small = node('a', 4, { memoryMib: 16 * 1024 })
    expect(place(request({ memoryMib: 32 * 1024 }), fleet(small)).considered[0]).toMatchObject({
      code: 'memory',
      reason: '16 GiB of RAM free, 32 GiB needed',
    })
  })

  it('places a gang wholly or not at all, on one GPU model', () => {
    const gang = request({ replicas: 2, gpusPerReplica: 8, gang: true })
    expect(place(gang, fleet(node('a', 8), node('b', 8, {}, 'H100-80GB'))).places).toEqual([])
    expect(
      place(gang, fleet(node('a', 8), node('b', 8, {}, 'H100-80GB'), node('c', 8))).places.map((p) => p.nodeName),
    ).toEqual(['a', 'c'])
  })

  it('says equal things of equal fleets', () => {
    const world = fleet(node('a', 8), node('b', 8), node('c', 4))
    expect(place(request({ replicas: 5, gpusPerReplica: 3 }), world)).toEqual(
      place(request({ replicas: 5, gpusPerReplica: 3 }), world),
    )
  })
})
