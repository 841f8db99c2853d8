import type { ReplicaStatus } from '@clawbernetes/protocol/node/replica'
import {
  type FleetWorld,
  fleetWorld,
  gpuFacts,
  joinNode,
  placeWorkload,
} from '@clawbernetes/services/fleet/testing/fleet-world'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { StatusFlusher } from './status-flusher'

let world: FleetWorld
beforeEach(async () => {
  world = await fleetWorld()
})
afterEach(() => world.close())

const status = (replicaId: string, seq: number, over: Partial<ReplicaStatus> = {}): ReplicaStatus => ({
  replicaId,
  generation: 1,
  seq,
  phase: 'running',
  atMs: Date.now(),
  startedAtMs: Date.now(),
  finishedAtMs: null,
  exitCode: null,
  signal: null,
  oomKilled: null,
  restarts: 0,
  gpuVerified: null,
  endpoints: [],
  reason: null,
  ...over,
})

async function jobs(count: number) {
  const node = await joinNode(world, { gpus: Array.from({ length: count }, (_, i) => gpuFacts(i)) })
  const gpus = await world.db.gpu.findMany({ orderBy: { index: 'asc' } })
  const placed = []
  for (const gpu of gpus)
    placed.push(
      await placeWorkload(world, {
        name: `job-${gpu.index}`,
        kind: 'job',
        places: [{ nodeId: node.nodeId, gpuIds: [gpu.id] }],
      }),
    )
  return { nodeId: node.nodeId, replicaIds: placed.flatMap((p) => p.replicaIds) }
}

describe('what nodes say of their replicas', () => {
  it('is stored in its order, many words together, and GPUs become free once', async () => {
    const { nodeId, replicaIds } = await jobs(6)
    const flusher = new StatusFlusher(world.sys)
    await Promise.all(
      replicaIds.flatMap((id) => [
        flusher.add(nodeId, [status(id, 1)]),
        flusher.add(nodeId, [
          status(id, 2, { phase: 'running', reason: { code: 'x', message: 'still' } }),
          status(id, 3, { phase: 'exited', exitCode: 0, finishedAtMs: Date.now() }),
        ]),
        flusher.add(nodeId, [status(id, 2)]),
      ]),
    )
    const workloads = await world.db.workload.findMany()
    expect(workloads.map((w) => [w.status, w.startedAt !== null, w.finishedAt !== null])).toEqual(
      replicaIds.map(() => ['succeeded', true, true]),
    )
    expect(await world.db.replica.count({ where: { phase: 'exited', statusSeq: 3, closedAt: { not: null } } })).toBe(6)
    expect(await world.db.reservation.count({ where: { releasedAt: null } })).toBe(0)
    const told = await world.db.event.findMany({
      where: { kind: 'workload.status', room: `workload:${workloads[0]?.id}` },
      orderBy: { seq: 'asc' },
    })
    const statuses = told.map((event) => (event.data as { status: string }).status)
    expect([statuses[0], statuses.at(-1)]).toEqual(['running', 'succeeded'])
    expect(told.map((event) => event.entityVersion)).toEqual(
      told.map((event) => event.entityVersion).sort((a, b) => a - b),
    )
  })

  it("names replicas that are not the node's, and stores the rest", async () => {
    const { nodeId, replicaIds } = await jobs(1)
    const [own = ''] = replicaIds
    const flusher = new StatusFlusher(world.sys)
    const [mine, other] = await Promise.all([
      flusher.add(nodeId, [status('rep_nobody', 1), status(own, 1)]),
      flusher.add('node_other', [status(own, 9, { phase: 'failed', exitCode: 1 })]),
    ])
    expect(mine?.foreign).toEqual(['rep_nobody'])
    expect(other?.foreign).toEqual([own])
    expect(await world.db.replica.findUniqueOrThrow({ where: { id: own } })).toMatchObject({ phase: 'running' })
  })

  it('of one node that cannot be stored does not keep the others out', async () => {
    const { nodeId, replicaIds } = await jobs(2)
    const [good = '', bad = ''] = replicaIds
    const flusher = new StatusFlusher(world.sys)
    const first = flusher.add(nodeId, [status(good, 1)])
    // More than a column holds; the gateway refuses such a message before it comes here.
    const broken = flusher.add(nodeId, [status(bad, 1, { exitCode: 2 ** 40 })])
    const after = flusher.add(nodeId, [status(good, 2, { phase: 'exited', exitCode: 0 })])
    await expect(broken).rejects.toThrow('out of range')
    await Promise.all([first, after])
    expect(await world.db.replica.findUniqueOrThrow({ where: { id: good } })).toMatchObject({ phase: 'exited' })
    expect(await world.db.replica.findUniqueOrThrow({ where: { id: bad } })).toMatchObject({ phase: 'assigned' })
  })
})
