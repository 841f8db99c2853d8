import { generateKeyPairSync } from 'node:crypto'
import { MAX_MESSAGE_BYTES } from '@clawbernetes/protocol/node/session'
import { revokeJoinToken } from '@clawbernetes/services/fleet/revoke-join-token'
import { placeWorkload } from '@clawbernetes/services/fleet/testing/fleet-world'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { statusOf } from './testing/messages'
import { type GatewayWorld, gatewayWorld } from './testing/gateway-world'

let world: GatewayWorld
beforeEach(async () => {
  world = await gatewayWorld({ proveTimeoutMs: 400 })
})
afterEach(() => world.close())

/** Everything that a bad message might have changed. */
const everything = () =>
  world.db
    .$queryRaw`select (select json_agg(n order by id) from (select id, status, version, epoch, assignment_version, inventory from node) n) as nodes,
    (select json_agg(g order by id) from gpu g) as gpus, (select json_agg(r order by id) from replica r) as replicas,
    (select json_agg(w order by id) from (select id, status, version from workload) w) as workloads, (select count(*)::int from workload_log) as logs,
    (select json_agg(t order by id) from (select id, uses from join_token) t) as tokens, (select count(*)::int from health_event) as events,
    (select count(*)::int from telemetry.node_sample) as samples, (select json_agg(c order by id) from node_command c) as commands`

test('a token that is wrong, expired, revoked or used up brings no node and says why', async () => {
  const { token: revoked, id } = await world.token()
  await revokeJoinToken({ ctx: world.ctx('admin'), input: { joinTokenId: id } })
  const { token: usedUp } = await world.token({ maxUses: 1 })
  expect((await world.node().enrol(usedUp)).status).toBe(200)
  const { token: expired } = await world.token()
  await world.db.joinToken.updateMany({
    where: { uses: 0, revokedAt: null },
    data: { expiresAt: new Date(Date.now() - 1) },
  })
  const before = await everything()
  const answers = await Promise.all(
    ['cbj_nobody-made-this', expired, revoked, usedUp].map((token) => world.node().enrol(token)),
  )
  expect(answers.map(({ status, body }) => [status, body.error?.code, body.error?.fatal])).toEqual([
    [401, 'unknown-token', true],
    [410, 'expired-token', true],
    [403, 'revoked-token', true],
    [403, 'used-up-token', true],
  ])
  expect(await everything()).toEqual(before)
})

test('of many machines that want the last uses of a token, as many join as it allows', async () => {
  const { token } = await world.token({ maxUses: 3 })
  const answers = await Promise.all(Array.from({ length: 10 }, () => world.node().enrol(token)))
  expect(answers.filter((answer) => answer.status === 200)).toHaveLength(3)
  const names = await world.db.node.findMany({ select: { name: true }, orderBy: { name: 'asc' } })
  expect(names.map((node) => node.name)).toEqual(['node-01', 'node-01-2', 'node-01-3'])
})

test('the same key again finds the node that it made, and spends nothing', async () => {
  const { token } = await world.token({ maxUses: 1 })
  const node = world.node()
  const first = await node.enrol(token)
  expect(await node.enrol(token)).toEqual(first)
  expect((await node.enrol((await world.token()).token)).body.error?.code).toBe('key-taken')
})

test('enrolment refuses other protocols, other keys, demo mismatches, and what is not a request', async () => {
  const { token } = await world.token()
  const { token: demo } = await world.token({ demo: true })
  const before = await everything()
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
    .publicKey.export({ format: 'der', type: 'spki' })
    .toString('base64')
    .slice(0, 200)
  const node = world.node()
  const cases: [Promise<{ status: number; body: { error?: { code: string } } }>, number, string][] = [
    [node.enrol(token, { protocol: 99 }), 400, 'incompatible'],
    [node.enrol(token, { publicKey: 'nonsense' }), 400, 'bad-key'],
    [node.enrol(token, { publicKey: rsa }), 400, 'bad-key'],
    [node.enrol(token, { inventory: { gpus: [] } }), 400, 'invalid'],
    [node.enrol(token, { inventory: { ...node.inventory, name: 'a\u202eb' } }), 400, 'invalid'],
    [node.enrol(demo), 403, 'demo-mismatch'],
    [node.enrol(token, { inventory: { ...node.inventory, demo: true } }), 403, 'demo-mismatch'],
  ]
  for (const [answer, status, code] of cases) expect(await answer).toMatchObject({ status, body: { error: { code } } })
  const post = (body: string) => fetch(`http://127.0.0.1:${world.gateway.port}/enrol`, { method: 'POST', body })
  expect((await post('{')).status).toBe(400)
  expect((await post(JSON.stringify({ token: 'x'.repeat(2 * 1024 * 1024) }))).status).toBe(413)
  expect(await everything()).toEqual(before)
})

test('guessing tokens is slowed down', async () => {
  const node = world.node()
  const answers = await Promise.all(
    Array.from({ length: 330 }, () => node.enrol('cbj_guess-guess-guess', { inventory: {} })),
  )
  expect(answers.some((answer) => answer.status === 429 && answer.body.error?.code === 'rate-limited')).toBe(true)
})

test('a wrong signature, a proof of another connection, a second try and silence are refused', async () => {
  const node = await world.joined()
  const other = await world.joined()
  const before = await everything()

  const nonce = await node.open()
  expect(
    await node.ask('prove', { signature: other.signature(nonce, other.keys.privateKey, node.nodeId) }),
  ).toMatchObject({ ok: false, error: { code: 'unproven' } })
  await node.disconnected()

  // A proof that was good on one connection is none on the next, and none for another node.
  const good = node.signature(await node.open())
  node.close()
  await node.open()
  expect(await node.ask('prove', { signature: good })).toMatchObject({ ok: false, error: { code: 'unproven' } })
  await node.disconnected()
  const forged = await other.open({ nodeId: node.nodeId })
  expect(await other.ask('prove', { signature: other.signature(forged) })).toMatchObject({
    ok: false,
    error: { code: 'unproven' },
  })
  await other.disconnected()

  await node.open()
  expect(await node.ask('prove', { signature: 42 })).toMatchObject({ ok: false, error: { code: 'malformed' } })
  await node.disconnected()
  await node.open()
  await node.disconnected()
  expect(node.refusals.at(-1)).toMatchObject({ code: 'prove-timeout', fatal: false })
  await expect(node.open({ auth: { nodeId: 7 } })).rejects.toThrow('disconnect')
  expect(await everything()).toEqual(before)
})

test('messages before the proof and before the hello change nothing', async () => {
  const node = await world.joined()
  const before = await everything()
  const nonce = await node.open()
  await expect(node.ask('hello', node.helloMessage(), 200)).rejects.toThrow('timed out')
  await node.ask('prove', { signature: node.signature(nonce) })
  expect(await node.ask('telemetry', node.batch([node.sample(Date.now())]))).toMatchObject({
    ok: false,
    error: { code: 'hello-first' },
  })
  expect(await node.ask('replica-status', { statuses: [statusOf('rep_x', 1, 'ready')] })).toMatchObject({ ok: false })
  expect(await everything()).toEqual(before)
})

test('an old protocol is refused after the proof, and the node shows why; somebody else cannot cause that', async () => {
  const node = await world.joined()
  const other = await world.joined()
  const nonce = await other.open({ nodeId: node.nodeId, protocol: 0 })
  await other.ask('prove', { signature: other.signature(nonce) })
  await other.disconnected()
  expect(await world.db.node.findUnique({ where: { id: node.nodeId } })).toMatchObject({ status: 'joining' })

  const own = await node.open({ protocol: 0 })
  expect(await node.ask('prove', { signature: node.signature(own) })).toMatchObject({
    ok: false,
    error: { code: 'incompatible', fatal: true },
  })
  await node.disconnected()
  expect(await world.db.node.findUnique({ where: { id: node.nodeId } })).toMatchObject({
    status: 'incompatible',
    statusReason: expect.stringContaining('protocol 0'),
  })
  // Updated, it is welcome again.
  await node.connect()
  expect(await world.db.node.findUnique({ where: { id: node.nodeId } })).toMatchObject({
    status: 'online',
    statusReason: null,
  })
})

test('malformed messages are refused one by one, a huge one ends the connection; nothing changes', async () => {
  const node = await world.online()
  const before = await everything()
  const bad: [Parameters<typeof node.ask>[0], unknown][] = [
    ['telemetry', null],
    ['telemetry', { seq: -1, bootId: 'a', samples: [], dropped: 0 }],
    ['telemetry', node.batch([{ ...node.sample(Date.now()), gpus: [{ uuid: 'x' }] } as never])],
    ['replica-status', { statuses: [{ ...statusOf('rep_x', 1, 'ready'), phase: 'dancing' }] }],
    ['logs', { replicaId: 'rep_x', generation: 1, lines: [], dropped: 0 }],
    ['health-events', { events: 'none' }],
    ['command-result', { id: 'cmd_x', outcome: 'maybe' }],
    ['inventory', { ...node.inventory, cpuCores: 0 }],
    ['hello', { ...node.helloMessage(), replicas: 'all' }],
  ]
  for (const [name, message] of bad)
    expect({ name, ...(await node.ask(name, message)) }).toMatchObject({
      name,
      ok: false,
      error: { code: 'malformed', fatal: false },
    })
  expect(await everything()).toEqual(before)
  node.socket?.emit('logs', { text: 'x'.repeat(MAX_MESSAGE_BYTES + 1) })
  await node.disconnected()
  expect(await everything()).toEqual(before)
})

test('a node speaks for itself alone: replicas, logs and commands of another are refused and unchanged', async () => {
  const victim = await world.online()
  const node = await world.online({ name: 'node-02' })
  const { replicaIds } = await placeWorkload(world, { places: [{ nodeId: victim.nodeId, gpuIds: [] }] })
  const [replicaId = ''] = replicaIds
  await world.db.nodeCommand.create({
    data: {
      id: 'cmd_v',
      orgId: world.orgId,
      nodeId: victim.nodeId,
      epoch: 0,
      body: { kind: 'refresh-inventory' },
      state: 'sent',
      expiresAt: new Date(Date.now() + 60_000),
    },
  })
  await vi.waitFor(() => expect(victim.lists).toHaveLength(1))
  const before = await everything()
  expect(
    await node.ask('replica-status', { statuses: [{ ...statusOf(replicaId, 5, 'failed'), nodeId: victim.nodeId }] }),
  ).toMatchObject({ ok: false, error: { code: 'unknown-replica' } })
  expect(
    await node.ask('logs', {
      replicaId,
      generation: 1,
      lines: [{ seq: 0, atMs: 1, stream: 'stdout', text: 'forged' }],
      dropped: 0,
    }),
  ).toMatchObject({ ok: false })
  expect(
    await node.ask('command-result', { id: 'cmd_v', outcome: 'succeeded', message: null, data: null, finishedAtMs: 1 }),
  ).toMatchObject({ ok: false, error: { code: 'unknown-command' } })
  await node.ask('hello', node.helloMessage({ replicas: [statusOf(replicaId, 9, 'exited', { exitCode: 0 })] }))
  expect(await everything()).toEqual(before)
})

test('a GPU that another live node reports is not taken from it, and its samples do not count for the thief', async () => {
  const victim = await world.online()
  const [gpu] = victim.inventory.gpus
  const thief = await world.online({ name: 'node-02', gpus: gpu ? [gpu] : [] })
  expect(await world.db.gpu.count({ where: { nodeId: victim.nodeId } })).toBe(2)
  expect(await world.db.gpu.count({ where: { nodeId: thief.nodeId } })).toBe(0)
  await thief.ask('telemetry', thief.batch([thief.sample(Date.now(), { utilPct: 1 })]))
  const [row] = await world.db.$queryRaw<
    { gpus: number[] }[]
  >`select l.gpus from telemetry.latest l join node n on n.num = l.node where n.id = ${thief.nodeId}`
  expect(row?.gpus).toEqual([])
})

test('a node that was removed is refused for good', async () => {
  const node = await world.online()
  const { removeNode } = await import('@clawbernetes/services/fleet/remove-node')
  await removeNode({ ctx: world.ctx('admin'), input: { nodeId: node.nodeId } })
  await node.disconnected()
  expect(node.refusals.at(-1)).toMatchObject({ code: 'not-found', fatal: true })
  await expect(node.connect()).rejects.toThrow('not known')
})

test('a flood is refused, the node next to it is not', async () => {
  const node = await world.online()
  const neighbour = await world.online({ name: 'node-02' })
  const answers = await Promise.all(Array.from({ length: 600 }, () => node.ask('health-events', { events: [] })))
  expect(answers.filter((answer) => !answer.ok && answer.error.code === 'rate-limited').length).toBeGreaterThan(100)
  expect(await neighbour.ask('telemetry', neighbour.batch([neighbour.sample(Date.now())]))).toMatchObject({ ok: true })
})
