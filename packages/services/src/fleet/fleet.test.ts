import { afterEach, beforeEach, expect, test } from 'vitest'
import { cordonNode } from './cordon-node'
import { createJoinToken } from './create-join-token'
import { expireCommands } from './expire-commands'
import { enqueueCommand } from './enqueue-command'
import { fleetSummary } from './fleet-summary'
import { liftExpiredCordons } from './lift-expired-cordons'
import { listGpus } from './list-gpus'
import { listJoinTokens } from './list-join-tokens'
import { listNodes } from './list-nodes'
import { markSilentNodes } from './mark-silent-nodes'
import { readGpu } from './read-gpu'
import { readNode } from './read-node'
import { removeNode } from './remove-node'
import { revokeJoinToken } from './revoke-join-token'
import { setGpuHealth } from './set-gpu-health'
import { type FleetWorld, fleetWorld, joinNode, placeWorkload } from './testing/fleet-world'
import { uncordonNode } from './uncordon-node'

const T0 = Date.now()
let world: FleetWorld
beforeEach(async () => {
  world = await fleetWorld()
  world.setNow(new Date(T0))
})
afterEach(() => world.close())
const audits = async () =>
  (await world.db.auditEntry.findMany({ orderBy: { seq: 'asc' } })).map((entry) => [
    entry.action,
    entry.actorId !== null,
  ])

test('a join token is shown once; only its hash is kept, and people without the right do not make one', async () => {
  const { token, joinToken } = await createJoinToken({
    ctx: world.ctx('admin'),
    input: { label: 'rack a1', maxUses: 2 },
  })
  const rows = JSON.stringify(await world.db.joinToken.findMany())
  expect(rows).not.toContain(token)
  expect(await listJoinTokens({ ctx: world.ctx('admin') })).toMatchObject([
    { label: 'rack a1', state: 'active', uses: 0, maxUses: 2, hint: token.slice(-4) },
  ])
  expect(await listJoinTokens({ ctx: world.stranger })).toEqual([])
  for (const role of ['viewer', 'operator', 'approver'] as const) {
    await expect(createJoinToken({ ctx: world.ctx(role), input: { label: 'x' } })).rejects.toMatchObject({
      code: 'forbidden',
    })
    await expect(listJoinTokens({ ctx: world.ctx(role) })).rejects.toMatchObject({ code: 'forbidden' })
  }
  await expect(createJoinToken({ ctx: world.ctx('admin'), input: { label: 'a\u0007b' } })).rejects.toMatchObject({
    code: 'invalid',
  })
  await expect(revokeJoinToken({ ctx: world.stranger, input: { joinTokenId: joinToken.id } })).rejects.toMatchObject({
    code: 'not-found',
  })
  await revokeJoinToken({ ctx: world.ctx('admin'), input: { joinTokenId: joinToken.id } })
  await revokeJoinToken({ ctx: world.ctx('admin'), input: { joinTokenId: joinToken.id } })
  expect(await listJoinTokens({ ctx: world.ctx('admin') })).toMatchObject([{ state: 'revoked' }])
  expect(await audits()).toEqual([
    ['join-token.create', true],
    ['join-token.revoke', true],
  ])
})

test('a cordon is a lease: it names who, why and until when, and ends by itself', async () => {
  const { nodeId } = await joinNode(world)
  const expiresAt = new Date(T0 + 60_000).toISOString()
  await cordonNode({ ctx: world.ctx('admin'), input: { nodeId, reason: 'Fan is being replaced', expiresAt } })
  expect(await listNodes({ ctx: world.ctx() })).toMatchObject([
    { gpusFree: 0, cordon: { reason: 'Fan is being replaced', by: { name: 'Acme person' }, expiresAtMs: T0 + 60_000 } },
  ])
  expect(await liftExpiredCordons({ sys: world.sys })).toBe(0)
  world.setNow(new Date(T0 + 61_000))
  expect(await listNodes({ ctx: world.ctx() })).toMatchObject([{ cordon: null }])
  expect(await liftExpiredCordons({ sys: world.sys })).toBe(1)
  expect(await liftExpiredCordons({ sys: world.sys })).toBe(0)
  await cordonNode({ ctx: world.ctx('admin'), input: { nodeId, reason: 'Again', expiresAt: null } })
  await uncordonNode({ ctx: world.ctx('admin'), input: { nodeId } })
  await uncordonNode({ ctx: world.ctx('admin'), input: { nodeId } })
  expect((await audits()).map(([action]) => action)).toEqual([
    'join-token.create',
    'node.enrol',
    'node.cordon',
    'node.uncordon',
    'node.cordon',
    'node.uncordon',
  ])
})

test('an agent cordons within a plan as whoever asked; a person needs the right', async () => {
  const { nodeId } = await joinNode(world)
  const operator = world.ctx('operator')
  const input = { nodeId, reason: 'Planned', expiresAt: null }
  await expect(cordonNode({ ctx: operator, input })).rejects.toMatchObject({ code: 'forbidden' })
  await cordonNode({ ctx: { ...operator, actor: { ...operator.actor, kind: 'agent', via: 'worker' } }, input })
  const entry = await world.db.auditEntry.findFirstOrThrow({ where: { action: 'node.cordon' } })
  expect(entry).toMatchObject({ actorKind: 'agent', onBehalfOf: operator.actor.userId })
})

test('what counts as free: not held, not quarantined, readable, on a node that reports and is not cordoned', async () => {
  const { nodeId, gpus } = await joinNode(world)
  await joinNode(world, { name: 'node-02' })
  await placeWorkload(world, { places: [{ nodeId, gpuIds: [gpus[0]?.id ?? ''] }] })
  await setGpuHealth({
    ctx: world.ctx('admin'),
    input: { gpuId: gpus[1]?.id ?? '', health: 'quarantined', reason: 'ECC' },
  })
  const summary = await fleetSummary({ ctx: world.ctx('viewer') })
  expect(summary.gpus).toMatchObject({
    total: 4,
    allocated: 1,
    free: 2,
    quarantined: 1,
    byModel: [{ model: 'A100-80GB', total: 4, allocated: 1, free: 2 }],
  })
  expect(summary).toMatchObject({ utilPctNow: null, utilPct15m: null, powerW: null, maxTempC: null })
  world.setNow(new Date(T0 + 60_000))
  expect(await markSilentNodes({ sys: world.sys })).toHaveLength(2)
  const silent = await fleetSummary({ ctx: world.ctx('viewer') })
  expect(silent).toMatchObject({
    nodes: { total: 2, byStatus: { offline: 2, online: 0 } },
    gpus: { allocated: 1, free: 0, unreachable: 4 },
  })
  expect(silent.attention.map((item) => [item.kind, item.severity])).toEqual([
    ['node-offline', 'critical'],
    ['gpu-quarantined', 'warning'],
    ['node-offline', 'warning'],
  ])
})

test('a node with work is not removed; one without leaves its name and finds its GPUs again', async () => {
  const { nodeId, gpus, inventory } = await joinNode(world)
  const { workloadId } = await placeWorkload(world, { places: [{ nodeId, gpuIds: [gpus[0]?.id ?? ''] }] })
  await expect(removeNode({ ctx: world.ctx('admin'), input: { nodeId } })).rejects.toMatchObject({ code: 'conflict' })
  await world.db.workload.delete({ where: { id: workloadId } })
  await world.db.reservation.deleteMany({ where: { workloadId } })
  await removeNode({ ctx: world.ctx('admin'), input: { nodeId } })
  expect(await listNodes({ ctx: world.ctx() })).toEqual([])
  const again = await joinNode(world, inventory)
  expect(again.gpus.map((gpu) => gpu.id)).toEqual(gpus.map((gpu) => gpu.id))
  expect(await listNodes({ ctx: world.ctx() })).toMatchObject([{ name: 'node-01', gpusTotal: 2, gpusMissing: 0 }])
})

test('a command that nobody answered is over after its time', async () => {
  const { nodeId } = await joinNode(world)
  const input = {
    orgId: world.orgId,
    nodeId,
    body: { kind: 'refresh-inventory' as const },
    expiresInMs: 1000,
    id: 'cmd_step',
  }
  for (let i = 0; i < 2; i++)
    expect(await world.db.$transaction((tx) => enqueueCommand(tx, world.sys, input))).toBe('cmd_step')
  expect(await expireCommands({ sys: world.sys })).toBe(0)
  world.setNow(new Date(T0 + 32_000))
  expect(await expireCommands({ sys: world.sys })).toBe(1)
  expect(await world.db.nodeCommand.findMany()).toMatchObject([{ state: 'expired' }])
})

test("another organisation's nodes and GPUs answer not found", async () => {
  const { nodeId, gpus } = await joinNode(world)
  const ctx = world.stranger
  const gpuId = gpus[0]?.id ?? ''
  const asked = [
    readNode({ ctx, input: { nodeId } }),
    readGpu({ ctx, input: { gpuId } }),
    listGpus({ ctx, input: { nodeId } }),
    cordonNode({ ctx, input: { nodeId, reason: 'x', expiresAt: null } }),
    uncordonNode({ ctx, input: { nodeId } }),
    removeNode({ ctx, input: { nodeId } }),
    setGpuHealth({ ctx, input: { gpuId, health: 'failed', reason: 'x' } }),
  ]
  for (const answer of await Promise.allSettled(asked))
    expect(answer).toMatchObject({ status: 'rejected', reason: { code: 'not-found' } })
  expect(await listNodes({ ctx })).toEqual([])
  expect(await listGpus({ ctx })).toEqual([])
  expect(await readNode({ ctx: world.ctx('viewer'), input: { nodeId } })).toMatchObject({
    name: 'node-01',
    gpus: [{ index: 0 }, { index: 1 }],
    findings: [],
    replicas: [],
  })
})
