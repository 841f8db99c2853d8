import { workloadSpecOf } from '@clawbernetes/domain/workloads/workload-spec-of'
import { generateKeyPairSync } from 'node:crypto'
import { encodeGpus } from '@clawbernetes/domain/telemetry/layout'
import { PROTOCOL_VERSION } from '@clawbernetes/protocol/version'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createJoinToken } from '../fleet/create-join-token'
import { enrolNode } from '../fleet/enrol-node'
import { type FleetWorld, fleetWorld, gpuFacts, inventoryOf, placeWorkload } from '../fleet/testing/fleet-world'
import { countWorkloads } from './count-workloads'
import { createPending } from './create-pending'
import { priceMicroUsd } from '@clawbernetes/domain/market/price'
import { listWorkloads } from './list-workloads'
import { readWorkload } from './read-workload'

let world: FleetWorld
let nodeId: string
let gpus: { id: string; uuid: string }[]

const spec = workloadSpecOf({
  kind: 'training',
  runtime: 'process',
  command: ['python', 'train.py'],
  env: { HF_TOKEN: 'secret', EPOCHS: '3' },
  gpusPerReplica: 8,
  gang: true,
  placement: { nodes: null, excludeNodes: [], labels: {}, gpuModel: 'H100-80GB' },
})

async function joinNode(labels: Record<string, string>) {
  const { token } = await createJoinToken({ ctx: world.ctx(), input: { label: 'test' } })
  const { publicKey } = generateKeyPairSync('ed25519')
  const { nodeId: id } = await enrolNode({
    sys: world.sys,
    input: {
      token,
      publicKey: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
      agentVersion: '0.1.0',
      protocol: PROTOCOL_VERSION,
      inventory: inventoryOf({ labels, gpus: [gpuFacts(0), gpuFacts(1)] }),
    },
  })
  return id
}

/** What the node said last, as telemetry stores it. */
async function tellUtil(utilPct: (number | null)[], at: Date) {
  const node = await world.db.node.findUniqueOrThrow({ where: { id: nodeId } })
  const samples = gpus.map((gpu, slot) => ({
    uuid: gpu.uuid,
    utilPct: utilPct[slot] ?? null,
    memUtilPct: null,
    memUsedMib: null,
    tempC: null,
    tempMarginC: null,
    powerW: null,
    smClockMhz: null,
    throttleMask: null,
    readability: 'ok' as const,
  }))
  const row = encodeGpus(samples, (uuid) => gpus.findIndex((gpu) => gpu.uuid === uuid))
  await world.db.$executeRaw`
    insert into telemetry.latest (node, at, received_at, gpus) values (${node.num}, ${at}, ${at}, ${row}::smallint[])
    on conflict (node) do update set at = excluded.at, gpus = excluded.gpus`
}

beforeAll(async () => {
  world = await fleetWorld()
  nodeId = await joinNode({ 'price-per-gpu-hour-usd': '1.80' })
  gpus = await world.db.gpu.findMany({ where: { nodeId }, orderBy: { index: 'asc' } })
})
afterAll(async () => {
  await world.close()
})

describe('a workload that holds GPUs', () => {
  it('shows what its GPUs do and cost, in the list and on its page', async () => {
    const { workloadId, replicaIds } = await placeWorkload(world, {
      name: 'train-a',
      places: [{ nodeId, gpuIds: gpus.map((gpu) => gpu.id) }],
    })
    await world.db.replica.updateMany({ where: { id: { in: replicaIds } }, data: { phase: 'running' } })
    await tellUtil([90, 50], new Date(Date.now() + 1000))
    const [item] = await listWorkloads({ ctx: world.ctx('viewer'), input: { search: 'TRAIN-A' } })
    expect(item).toMatchObject({
      id: workloadId,
      gpus: { count: 2, model: 'A100-80GB' },
      replicasRunning: 1,
      utilPct: 70,
      costPerHourMicroUsd: 3_600_000,
      nodes: [{ name: 'node-01' }],
    })
    const detail = await readWorkload({ ctx: world.ctx('viewer'), input: { workload: 'train-a' } })
    expect(detail.replicas[0]?.gpus.map((gpu) => gpu.index)).toEqual([0, 1])
    expect(detail.placement).toEqual([{ node: 'node-01', fits: true, reason: 'holds 2 × A100-80GB (GPU 0, 1)' }])
    expect(detail.costSoFarMicroUsd).toBeGreaterThanOrEqual(0)
  })
  it('says unknown, not zero, when the last sample is old', async () => {
    await tellUtil([90, 50], new Date(Date.now() - 120_000))
    const [item] = await listWorkloads({ ctx: world.ctx(), input: { search: 'train-a' } })
    expect(item?.utilPct).toBeNull()
  })
})

describe('a workload that waits', () => {
  it('says of every node why not, and hides secrets of its environment', async () => {
    const { workloadId } = await createPending(world.sys, {
      orgId: world.orgId,
      ownerId: 'system',
      name: 'wait-h100',
      spec,
      key: 'test:wait',
      demo: false,
    })
    const detail = await readWorkload({ ctx: world.ctx(), input: { workload: workloadId } })
    expect(detail).toMatchObject({ status: 'pending', gpusWanted: 8, gpus: { count: 0, model: 'H100-80GB' } })
    expect(detail.pendingReasons).toHaveLength(1)
    expect(detail.env).toContainEqual({ name: 'HF_TOKEN', value: '••••••' })
    expect(detail.timeline.map((moment) => moment.text)).toEqual(['Created for Clawbernetes', 'Waits for GPUs'])
    expect(detail.costPerHourMicroUsd).toBe(0)
  })
  it('is counted', async () => {
    expect(await countWorkloads({ ctx: world.ctx() })).toMatchObject({ pending: 2, failed24h: 0, total: 2 })
  })
})

it('gives another organisation nothing', async () => {
  expect(await listWorkloads({ ctx: world.stranger, input: {} })).toEqual([])
  expect((await countWorkloads({ ctx: world.stranger })).total).toBe(0)
  await expect(readWorkload({ ctx: world.stranger, input: { workload: 'train-a' } })).rejects.toMatchObject({
    code: 'not-found',
  })
})

it('reads a price only where a label is one', () => {
  expect(['2.90', '0', 'free', '', '1e9', '-1', undefined].map(priceMicroUsd)).toEqual([
    2_900_000,
    0,
    null,
    null,
    null,
    null,
    null,
  ])
})
