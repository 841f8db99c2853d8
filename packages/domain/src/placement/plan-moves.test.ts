import type { LivePlace } from '@clawbernetes/protocol/plans/steps'
import { describe, expect, test } from 'vitest'
import { trainingSpec } from '../scenarios/scenario-workload'
import { type Moving, planMoves } from './plan-moves'
import type { FleetSnapshot, SnapshotNode } from './snapshot'

const node = (name: string, model: string, gpus: number, held: Record<number, string> = {}): SnapshotNode => ({
  id: name,
  name,
  online: true,
  blocked: null,
  labels: {},
  memoryMib: 512 * 1024,
  memoryPromisedMib: 0,
  runtimes: [{ kind: 'container', engine: 'docker', gpu: 'cdi' }],
  dataRoots: ['/data'],
  dataPaths: [{ path: '/data/x', kind: 'dir', sizeMib: null }],
  address: null,
  demo: false,
  gpus: Array.from({ length: gpus }, (_, index) => ({
    id: `${name}/${index}`,
    uuid: `GPU-${name}-${index}`,
    index,
    model,
    memoryMib: 81_920,
    unusable: null,
    heldBy: held[index] ?? null,
    linkDomain: null,
  })),
})

const fleet = (...nodes: SnapshotNode[]): FleetSnapshot => ({ at: '2026-11-22T12:00:00.000Z', nodes })

const on = (nodeName: string, ordinal: number, indexes: number[]): LivePlace => ({
  replicaId: `${nodeName}-${ordinal}`,
  ordinal,
  nodeId: nodeName,
  nodeName,
  gpuIds: indexes.map((i) => `${nodeName}/${i}`),
  gpuUuids: indexes.map((i) => `GPU-${nodeName}-${i}`),
})

function moving(name: string, replicas: LivePlace[], over: Partial<Moving['spec']> = {}): Moving {
  const base = trainingSpec({
    name,
    model: 'm',
    paramsB: 1,
    method: 'lora',
    gpus: replicas[0]?.gpuIds.length ?? 1,
    data: '/data/x',
    batchSize: 1,
    seqLen: 512,
    epochs: 1,
    image: 'i',
  })
  return { id: name, name, replicas, spec: { ...base, replicas: replicas.length, ...over } }
}

const leaving = (from: string, to: string | null = null) => ({ leave: new Set([from]), to, exclude: [from] })

describe('where workloads go', () => {
  test('each sees what those before it took, the largest first', () => {
    const world = fleet(
      node('a', 'A100', 4, { 0: 'small', 1: 'big', 2: 'big' }),
      node('b', 'A100', 3),
      node('c', 'A100', 1),
    )
    const { moves, stuck } = planMoves(
      [moving('small', [on('a', 0, [0])]), moving('big', [on('a', 0, [1, 2])])],
      world,
      leaving('a'),
    )
    expect(stuck).toEqual([])
    expect(moves.map((m) => [m.workload.name, ...m.to.map((p) => p.gpuIds.join())])).toEqual([
      ['big', 'b/0,b/1'],
      ['small', expect.stringMatching(/^[bc]\/\d$/)],
    ])
    expect(new Set(moves.flatMap((m) => m.to.flatMap((p) => p.gpuIds))).size).toBe(3)
  })

  test('its own GPU model first, another only where its rules leave it open', () => {
    const world = fleet(node('a', 'A100', 1, { 0: 'x' }), node('b', 'H100', 4), node('c', 'A100', 4))
    expect(planMoves([moving('x', [on('a', 0, [0])])], world, leaving('a')).moves[0]?.to[0]?.nodeName).toBe('c')
    const only = fleet(node('a', 'A100', 1, { 0: 'x' }), node('b', 'H100', 4))
    const open = planMoves([moving('x', [on('a', 0, [0])])], only, leaving('a')).moves[0]
    expect([open?.to[0]?.nodeName, open?.modelFrom, open?.modelTo]).toEqual(['b', 'A100', 'H100'])
    const placement = { nodes: null, excludeNodes: [], labels: {}, gpuModel: 'A100' }
    expect(planMoves([moving('x', [on('a', 0, [0])], { placement })], only, leaving('a')).stuck).toHaveLength(1)
  })

  test('a rule that binds it to a node holds, unless a person names another', () => {
    const world = fleet(node('a', 'A100', 1, { 0: 'x' }), node('b', 'A100', 4))
    const bound = moving('x', [on('a', 0, [0])], {
      placement: { nodes: ['a'], excludeNodes: [], labels: {}, gpuModel: null },
    })
    expect(planMoves([bound], world, leaving('a')).stuck[0]?.reason).toContain('it is bound to a')
    expect(planMoves([bound], world, leaving('a', 'b')).moves[0]?.to[0]?.nodeName).toBe('b')
  })

  test('a gang restarts whole: ranks that stay keep their places, all on one GPU model', () => {
    const gang = moving('g', [on('a', 0, [0, 1]), on('c', 1, [0, 1])], { gang: true, gpusPerReplica: 2 })
    const world = fleet(
      node('a', 'A100', 2, { 0: 'g', 1: 'g' }),
      node('b', 'H100', 4),
      node('c', 'A100', 4, { 0: 'g', 1: 'g' }),
    )
    const [move] = planMoves([gang], world, leaving('a')).moves
    expect(move?.from.map((p) => p.replicaId)).toEqual(['a-0', 'c-1'])
    expect(move?.to.map((p) => p.gpuIds.join())).toEqual(['c/2,c/3', 'c/0,c/1'])
    expect(move?.replaceFirst).toBe(false)
  })

  test('a service gets its replacement beside the old replica, in a place of its own', () => {
    const world = fleet(node('a', 'A100', 1, { 0: 's' }), node('b', 'A100', 4))
    const [move] = planMoves([moving('s', [on('a', 0, [0])], { kind: 'service' })], world, leaving('a')).moves
    expect([move?.replaceFirst, move?.to[0]?.ordinal]).toEqual([true, 1])
  })

  test('what has no place says why, node by node', () => {
    const world = fleet(node('a', 'A100', 2, { 0: 'x', 1: 'x' }), node('b', 'A100', 2, { 0: 'y' }))
    const { stuck } = planMoves([moving('x', [on('a', 0, [0, 1])])], world, leaving('a'))
    expect(stuck[0]?.considered.find((v) => v.nodeName === 'b')?.reason).toBe('1 of 2 GPUs free, 2 needed')
  })
})
