import { bumpNodes } from '@clawbernetes/services/fleet/bump-nodes'
import { enqueueCommand } from '@clawbernetes/services/fleet/enqueue-command'
import { listNodes } from '@clawbernetes/services/fleet/list-nodes'
import { markSilentNodes } from '@clawbernetes/services/fleet/mark-silent-nodes'
import { placeWorkload } from '@clawbernetes/services/fleet/testing/fleet-world'
import { readLogs } from '@clawbernetes/services/workloads/read-logs'
import { readMetrics } from '@clawbernetes/services/workloads/read-metrics'
import { requestStop } from '@clawbernetes/services/workloads/request-stop'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { FakeNode } from './testing/fake-node'
import { type GatewayWorld, gatewayWorld } from './testing/gateway-world'
import { statusOf } from './testing/messages'

const soon = { timeout: 8000, interval: 25 }
let world: GatewayWorld
beforeEach(async () => {
  world = await gatewayWorld({ touchEveryMs: 200, reconcileEveryMs: 1000, pingIntervalMs: 300 })
})
afterEach(() => world.close())

const nodeRow = (node: FakeNode) => world.db.node.findUniqueOrThrow({ where: { id: node.nodeId } })
async function gpuIds(node: FakeNode): Promise<string[]> {
  return (await world.db.gpu.findMany({ where: { nodeId: node.nodeId }, orderBy: { index: 'asc' } })).map(
    (gpu) => gpu.id,
  )
}

test('a node joins, says hello, gets its assignments, tells their status and its telemetry', async () => {
  const node = await world.joined()
  const [gpuId = ''] = await gpuIds(node)
  const { workloadId, replicaIds } = await placeWorkload(world, { places: [{ nodeId: node.nodeId, gpuIds: [gpuId] }] })
  const [replicaId = ''] = replicaIds
  const welcome = await node.connect()
  expect(welcome.assignments).toMatchObject({
    epoch: 0,
    version: 1,
    list: [{ replicaId, workloadName: 'train-a', desired: 'run' }],
  })
  expect(await nodeRow(node)).toMatchObject({ status: 'online', name: 'node-01' })

  expect(
    await node.ask('replica-status', { statuses: [statusOf(replicaId, 0, 'ready', { startedAtMs: Date.now() })] }),
  ).toEqual({ ok: true, data: null })
  expect(await world.db.workload.findUnique({ where: { id: workloadId } })).toMatchObject({ status: 'running' })

  expect(await node.ask('telemetry', node.batch([node.sample(Date.now())]))).toEqual({ ok: true, data: { seq: 0 } })
  const rows = await world.db.$queryRaw<{ gpus: number[] }[]>`select gpus from telemetry.latest`
  expect(rows[0]?.gpus).toEqual([500, 200, 100, 600, 270, 2500, 1410, 0, 500, 200, 100, 600, 270, 2500, 1410, 0])

  await node.ask('replica-status', { statuses: [statusOf(replicaId, 1, 'exited', { exitCode: 0 })] })
  expect(await world.db.workload.findUnique({ where: { id: workloadId } })).toMatchObject({ status: 'succeeded' })
  expect(await world.db.reservation.count({ where: { releasedAt: null } })).toBe(0)
  await vi.waitFor(() => expect(node.lists.at(-1)).toMatchObject({ version: 2, list: [] }), soon)
})

test('a repeated batch is acknowledged and stored once', async () => {
  const node = await world.online()
  const batch = node.batch([node.sample(Date.now())])
  const answers = await Promise.all([
    node.ask('telemetry', batch),
    node.ask('telemetry', batch),
    node.ask('telemetry', batch),
  ])
  expect(answers).toEqual(Array.from({ length: 3 }, () => ({ ok: true, data: { seq: 0 } })))
  expect(await world.db.$queryRaw`select count(*)::int as n from telemetry.node_sample`).toEqual([{ n: 1 }])
})

test('a changed list travels at once; a bell that was not heard is made up for by the next look', async () => {
  const node = await world.online()
  await placeWorkload(world, { places: [{ nodeId: node.nodeId, gpuIds: [] }] })
  await vi.waitFor(() => expect(node.lists.at(-1)?.list).toHaveLength(1), soon)
  await world.db.node.update({ where: { id: node.nodeId }, data: { assignmentVersion: { increment: 1 } } })
  await vi.waitFor(() => expect(node.lists.at(-1)?.version).toBe(2), soon)
})

test("of two gateways and two connections with a node's key, the newest one counts", async () => {
  const node = await world.online()
  const second = await world.another()
  const twin = world.node()
  Object.assign(twin, { port: second.port, nodeId: node.nodeId, keys: node.keys })
  await twin.connect()
  await node.disconnected()
  expect(node.refusals.at(-1)).toMatchObject({ code: 'replaced', fatal: false })
  await world.db.$transaction((tx) => bumpNodes(tx, [node.nodeId]))
  await vi.waitFor(() => expect(twin.lists.at(-1)?.version).toBe(1), soon)
  expect(node.lists).toEqual([])
  // And back, within one process.
  node.refusals.length = 0
  await node.connect()
  await twin.disconnected()
  const again = world.node()
  Object.assign(again, { nodeId: node.nodeId, keys: node.keys })
  await again.connect()
  await node.disconnected()
  expect(node.refusals.at(-1)).toMatchObject({ code: 'replaced' })
})

test('a node that falls silent goes offline, its values stay and turn stale, and it comes back', async () => {
  const node = await world.online()
  await node.ask('telemetry', node.batch([node.sample(Date.now() - 60_000)]))
  await vi.waitFor(
    async () => expect((await nodeRow(node)).lastSeenAt?.getTime()).toBeGreaterThan(Date.now() - 1000),
    soon,
  )
  expect(await markSilentNodes({ sys: world.sys })).toEqual([])
  node.close()
  await vi.waitFor(
    async () => expect(await markSilentNodes({ sys: world.sys, leaseMs: 700 })).toEqual([node.nodeId]),
    soon,
  )
  expect(await markSilentNodes({ sys: world.sys, leaseMs: 700 })).toEqual([])
  const [listed] = await listNodes({ ctx: world.ctx() })
  expect(listed).toMatchObject({
    status: 'offline',
    condition: 'unknown',
    utilPct: 50,
    sample: { stale: true },
    cells: [{ state: 'no-data' }, { state: 'no-data' }],
  })
  await node.connect()
  expect(await nodeRow(node)).toMatchObject({ status: 'online', statusReason: null })
  const kinds = await world.db.event.findMany({
    where: { room: `fleet:${world.orgId}`, kind: 'node.state' },
    orderBy: { seq: 'asc' },
  })
  expect(kinds.map((event) => (event.data as { status: string }).status)).toEqual(['online', 'offline', 'online'])
})

test('a living node that was taken for offline is online again without a hello', async () => {
  const node = await world.online()
  await world.db.node.update({ where: { id: node.nodeId }, data: { status: 'offline' } })
  await vi.waitFor(async () => expect((await nodeRow(node)).status).toBe('online'), soon)
})

test('a heartbeat writes no event', async () => {
  const node = await world.online()
  const before = await world.db.event.count()
  const seen = (await nodeRow(node)).lastSeenAt
  await vi.waitFor(
    async () => expect((await nodeRow(node)).lastSeenAt?.getTime()).toBeGreaterThan(seen?.getTime() ?? 0),
    soon,
  )
  await node.ask('telemetry', node.batch([node.sample(Date.now())]))
  expect(await world.db.event.count()).toBe(before)
})

test('commands arrive, again after a reconnect until they are answered, and the first answer stays', async () => {
  const node = await world.online()
  const id = await world.db.$transaction((tx) =>
    enqueueCommand(tx, world.sys, {
      orgId: world.orgId,
      nodeId: node.nodeId,
      body: { kind: 'refresh-inventory' },
      expiresInMs: 60_000,
    }),
  )
  await vi.waitFor(() => expect(node.commands.map((command) => command.id)).toEqual([id]), soon)
  await vi.waitFor(
    async () => expect(await world.db.nodeCommand.findUnique({ where: { id } })).toMatchObject({ state: 'sent' }),
    soon,
  )
  node.close()
  await node.connect()
  await vi.waitFor(() => expect(node.commands.map((command) => command.id)).toEqual([id, id]), soon)
  const result = { id, outcome: 'succeeded' as const, message: null, data: { gpus: 2 }, finishedAtMs: Date.now() }
  expect(await node.ask('command-result', result)).toMatchObject({ ok: true })
  expect(await node.ask('command-result', { ...result, outcome: 'failed' })).toMatchObject({ ok: true })
  expect(await world.db.nodeCommand.findUnique({ where: { id } })).toMatchObject({
    state: 'succeeded',
    data: { gpus: 2 },
  })
})

test('statuses that are older, of another generation or of an older epoch change nothing', async () => {
  const node = await world.online()
  const { replicaIds } = await placeWorkload(world, { places: [{ nodeId: node.nodeId, gpuIds: [] }] })
  const [id = ''] = replicaIds
  const tell = (seq: number, phase: Parameters<typeof statusOf>[2], over = {}) =>
    node.ask('replica-status', { statuses: [statusOf(id, seq, phase, over)] })
  const phase = async () => (await world.db.replica.findUniqueOrThrow({ where: { id } })).phase
  expect(await tell(5, 'starting')).toMatchObject({ ok: true })
  expect(await tell(4, 'failed')).toMatchObject({ ok: true })
  expect(await tell(5, 'failed')).toMatchObject({ ok: true })
  expect(await tell(6, 'failed', { generation: 2 })).toMatchObject({ ok: true })
  expect(await phase()).toBe('starting')
  await world.db.node.update({ where: { id: node.nodeId }, data: { epoch: 1 } })
  await tell(7, 'exited', { exitCode: 0 })
  expect(await phase()).toBe('starting')
})

test('a failed rank fails its gang: the others are stopped, all GPUs are free in the end', async () => {
  const first = await world.online()
  const second = await world.online({ name: 'node-02' })
  const { workloadId, replicaIds } = await placeWorkload(world, {
    places: [
      { nodeId: first.nodeId, gpuIds: await gpuIds(first) },
      { nodeId: second.nodeId, gpuIds: await gpuIds(second) },
    ],
  })
  const [a = '', b = ''] = replicaIds
  await Promise.all([
    first.ask('replica-status', { statuses: [statusOf(a, 0, 'ready')] }),
    second.ask('replica-status', { statuses: [statusOf(b, 0, 'ready')] }),
  ])
  expect(await world.db.workload.findUnique({ where: { id: workloadId } })).toMatchObject({ status: 'running' })
  await first.ask('replica-status', { statuses: [statusOf(a, 1, 'exited', { exitCode: 137, oomKilled: true })] })
  expect(await world.db.workload.findUnique({ where: { id: workloadId } })).toMatchObject({
    status: 'failed',
    statusReason: 'Replica 0 was killed for memory (OOM).',
  })
  await vi.waitFor(() => expect(second.lists.at(-1)?.list).toMatchObject([{ replicaId: b, desired: 'stop' }]), soon)
  expect(await world.db.reservation.count({ where: { releasedAt: null } })).toBe(2)
  await second.ask('replica-status', { statuses: [statusOf(b, 1, 'exited', { exitCode: 143 })] })
  expect(await world.db.reservation.count({ where: { releasedAt: null } })).toBe(0)
  expect(await world.db.replica.count({ where: { closedAt: null } })).toBe(0)
})

test('a stop is over when the node says so, and keeps the words of whoever asked', async () => {
  const node = await world.online()
  const { workloadId, replicaIds } = await placeWorkload(world, {
    kind: 'service',
    places: [{ nodeId: node.nodeId, gpuIds: await gpuIds(node) }],
  })
  await node.ask('replica-status', { statuses: [statusOf(replicaIds[0] ?? '', 0, 'ready')] })
  await requestStop(world.sys, { orgId: world.orgId, workloadId, reason: 'Stopped by Ana.' })
  await vi.waitFor(() => expect(node.lists.at(-1)?.list).toMatchObject([{ desired: 'stop' }]), soon)
  await node.ask('replica-status', { statuses: [statusOf(replicaIds[0] ?? '', 1, 'exited', { exitCode: 0 })] })
  expect(await world.db.workload.findUnique({ where: { id: workloadId } })).toMatchObject({
    status: 'stopped',
    statusReason: 'Stopped by Ana.',
  })
  await vi.waitFor(() => expect(node.lists.at(-1)?.list).toEqual([]), soon)
})

test('logs: each line once, gaps named, levels and metrics read, pages both ways', async () => {
  const node = await world.online()
  const { workloadId, replicaIds } = await placeWorkload(world, { places: [{ nodeId: node.nodeId, gpuIds: [] }] })
  const [replicaId = ''] = replicaIds
  const line = (seq: number, text: string) => ({ seq, atMs: 1_700_000_000_000 + seq, stream: 'stdout' as const, text })
  const send = (lines: ReturnType<typeof line>[]) => node.ask('logs', { replicaId, generation: 1, lines, dropped: 0 })
  const first = [line(0, 'step=1 loss=2.5 lr=1e-4'), line(1, '\u001b[31mERROR\u001b[0m something')]
  expect(await send(first)).toMatchObject({ ok: true })
  expect(await send(first)).toMatchObject({ ok: true })
  expect(await send([line(5, 'step=2 loss=2.25 lr=1e-4')])).toMatchObject({ ok: true })
  const ctx = world.ctx('viewer')
  const all = await readLogs({ ctx, input: { workloadId } })
  expect(all.lines.map((entry) => [entry.seq, entry.stream, entry.level, entry.text])).toEqual([
    [0, 'stdout', null, 'step=1 loss=2.5 lr=1e-4'],
    [1, 'stdout', 'error', 'ERROR something'],
    [2, 'gap', null, '3 lines dropped'],
    [5, 'stdout', null, 'step=2 loss=2.25 lr=1e-4'],
  ])
  expect(all.before).toBeNull()
  const newest = await readLogs({ ctx, input: { workloadId, limit: 1 } })
  expect(newest.lines.map((entry) => entry.seq)).toEqual([5])
  const older = await readLogs({ ctx, input: { workloadId, limit: 2, before: newest.before ?? '' } })
  expect(older.lines.map((entry) => entry.seq)).toEqual([1, 2])
  const newer = await readLogs({ ctx, input: { workloadId, after: older.lines[0]?.cursor ?? '' } })
  expect(newer.lines.map((entry) => entry.seq)).toEqual([2, 5])
  expect((await readLogs({ ctx, input: { workloadId, levels: ['error'] } })).lines).toHaveLength(1)
  expect((await readLogs({ ctx, input: { workloadId, search: 'LOSS=2.25' } })).lines).toHaveLength(1)
  const { curves } = await readMetrics({ ctx, input: { workloadId } })
  expect(curves.map((curve) => [curve.name, curve.points.map((point) => [point.step, point.value])])).toEqual([
    [
      'loss',
      [
        [1, 2.5],
        [2, 2.25],
      ],
    ],
    [
      'learning_rate',
      [
        [1, 1e-4],
        [2, 1e-4],
      ],
    ],
  ])
  await expect(readLogs({ ctx: world.stranger, input: { workloadId } })).rejects.toMatchObject({ code: 'not-found' })
  await expect(readMetrics({ ctx: world.stranger, input: { workloadId } })).rejects.toMatchObject({ code: 'not-found' })
})

test('a GPU that turns unreadable between inventories is kept from new work at once', async () => {
  const node = await world.online()
  await node.ask('telemetry', node.batch([node.sample(Date.now(), { readability: 'lost', utilPct: null })]))
  expect((await world.db.gpu.findMany({ where: { nodeId: node.nodeId } })).map((gpu) => gpu.readability)).toEqual([
    'lost',
    'lost',
  ])
  expect((await listNodes({ ctx: world.ctx() }))[0]).toMatchObject({ gpusFree: 0, condition: 'critical' })
})

test('health and counters answer over HTTP', async () => {
  const node = await world.online()
  await node.ask('telemetry', node.batch([node.sample(Date.now())]))
  const get = (path: string) => fetch(`http://127.0.0.1:${world.gateway.port}${path}`)
  expect(await (await get('/healthz')).json()).toEqual({ ok: true, nodes: 1 })
  const metrics = await (await get('/metrics')).text()
  expect(metrics).toContain('clawbernetes_gateway_telemetry_samples_total 1')
  expect(metrics).toContain('clawbernetes_gateway_nodes 1')
  expect((await get('/anything')).status).toBe(404)
})
