import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { placeWorkload } from '@clawbernetes/services/fleet/testing/fleet-world'
import { gatewayWorld, type GatewayWorld } from './testing/gateway-world'

let world: GatewayWorld
beforeEach(async () => {
  world = await gatewayWorld()
})
afterEach(() => world.close())

const status = (replicaId: string, seq: number, phase: string, over: Record<string, unknown> = {}) => ({
  replicaId,
  generation: 1,
  seq,
  phase,
  atMs: Date.now(),
  startedAtMs: null,
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

test('a node joins, says hello, gets its assignments, tells their status and its telemetry', async () => {
  const node = await world.joined()
  const gpus = await world.db.gpu.findMany({ where: { nodeId: node.nodeId }, orderBy: { index: 'asc' } })
  expect(gpus).toHaveLength(2)
  const {
    workloadId,
    replicaIds: [replicaId = ''],
  } = await placeWorkload(world, { places: [{ nodeId: node.nodeId, gpuIds: [gpus[0]?.id ?? ''] }] })
  const welcome = await node.connect()
  expect(welcome.assignments).toMatchObject({
    epoch: 0,
    version: 1,
    list: [{ replicaId, workloadName: 'train-a', desired: 'run' }],
  })
  expect(await world.db.node.findUnique({ where: { id: node.nodeId } })).toMatchObject({
    status: 'online',
    name: 'node-01',
  })

  expect(
    await node.ask('replica-status', { statuses: [status(replicaId, 0, 'ready', { startedAtMs: Date.now() })] }),
  ).toEqual({ ok: true, data: null })
  expect(await world.db.workload.findUnique({ where: { id: workloadId } })).toMatchObject({ status: 'running' })

  expect(await node.ask('telemetry', node.batch([node.sample(Date.now())]))).toEqual({ ok: true, data: { seq: 0 } })
  const rows = await world.db.$queryRaw<{ gpus: number[] }[]>`select gpus from telemetry.latest`
  expect(rows[0]?.gpus).toEqual([500, 200, 100, 600, 270, 2500, 1410, 0, 500, 200, 100, 600, 270, 2500, 1410, 0])

  await node.ask('replica-status', { statuses: [status(replicaId, 1, 'exited', { exitCode: 0 })] })
  expect(await world.db.workload.findUnique({ where: { id: workloadId } })).toMatchObject({ status: 'succeeded' })
  expect(await world.db.reservation.count({ where: { releasedAt: null } })).toBe(0)
  await vi.waitFor(() => expect(node.lists.at(-1)).toMatchObject({ version: 2, list: [] }), 5000)
})
