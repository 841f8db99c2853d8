import { afterEach, beforeEach, expect, test } from 'vitest'
import { FRAME_STATES } from '@clawbernetes/protocol/views/fleet'
import { cordonNode } from '../fleet/cordon-node'
import { fleetSummary } from '../fleet/fleet-summary'
import { listGpus } from '../fleet/list-gpus'
import { type FleetWorld, fleetWorld, gpuFacts, joinNode, placeWorkload } from '../fleet/testing/fleet-world'
import { listNodes } from '../fleet/list-nodes'
import { counterHistory } from './counter-history'
import { pruneTelemetry } from './prune'
import { readFleetSeries } from './read-fleet-series'
import { readFrame } from './read-frame'
import { readGpuSeries } from './read-gpu-series'
import { readLatest } from './read-latest'
import { readNodeSeries } from './read-node-series'
import { readSlotTable } from './read-slot-table'
import { rollUp } from './roll-up'
import { openTelemetryStore, type TelemetryStore } from './telemetry-store'
import { batchOf, sampleOf } from './testing/samples'

const MINUTE = 60_000
const HOUR = 3_600_000
/** An hour's begin, so that minutes and hours fall on known places. */
const T0 = Math.floor(Date.now() / HOUR) * HOUR

let world: FleetWorld
let store: TelemetryStore
let node: Awaited<ReturnType<typeof joinNode>>
const at = (ms: number) => world.setNow(new Date(T0 + ms))

beforeEach(async () => {
  world = await fleetWorld()
  at(0)
  node = await joinNode(world)
  store = openTelemetryStore(world.url, world.sys.now)
})
afterEach(async () => {
  await store.close()
  await world.close()
})

const rawCount = async () =>
  Number((await world.db.$queryRaw<{ n: bigint }[]>`select count(*) as n from telemetry.node_sample`)[0]?.n)
/** One sample every 10 s with utilisation 0, 1, 2 … % */
async function ramp(minutes: number): Promise<void> {
  const samples = Array.from({ length: minutes * 6 }, (_, i) =>
    sampleOf(node, T0 + i * 10_000, { utilPct: i, tempMarginC: 30 - i, throttleMask: i % 3 === 0 ? 0x40 : 0x4 }),
  )
  at(minutes * MINUTE)
  for (let i = 0; i < samples.length; i += 60) await store.store([batchOf(node, i, samples.slice(i, i + 60))])
}

test('a repeated batch is stored once, also when it comes through two gateways at the same moment', async () => {
  const second = openTelemetryStore(world.url, world.sys.now)
  const batch = batchOf(node, 3, [sampleOf(node, T0)])
  const both = await Promise.all([store.store([batch]), second.store([batch])])
  await second.close()
  expect(both.map((one) => one.samples).sort((a, b) => a - b)).toEqual([0, 1])
  expect(await store.store([batchOf(node, 2, [sampleOf(node, T0 - 5000)])])).toMatchObject({
    samples: 0,
    duplicates: 1,
  })
  expect(await rawCount()).toBe(1)
  // Another run of the node agent counts from the beginning.
  expect(await store.store([batchOf(node, 0, [sampleOf(node, T0 + 5000)], 'agent-b')])).toMatchObject({ samples: 1 })
})

test('a clock that runs ahead is moved back, a sample that is too old is told and not stored', async () => {
  await store.store([batchOf(node, 0, [sampleOf(node, T0 + 5 * HOUR), sampleOf(node, T0 + 5 * HOUR - 5000)])])
  const [latest] = await readLatest({ ctx: world.ctx('viewer') })
  expect(latest?.sample).toMatchObject({ atMs: T0, stale: false })
  expect(await store.store([batchOf(node, 1, [sampleOf(node, T0 - 30 * HOUR)])])).toMatchObject({
    samples: 0,
    tooOld: 1,
  })
})

test('rollups equal the raw: means, the lowest margin, the share of throttled time, the fleet', async () => {
  await ramp(3)
  at(10 * MINUTE)
  expect(await rollUp({ sys: world.sys })).toMatchObject({ minutes: 9 })
  const rows = await world.db.$queryRaw<
    { samples: number; gpu_avg: number[]; gpu_peak: number[]; host_avg: number[] }[]
  >`select * from telemetry.node_minute order by at`
  expect(rows.map((row) => row.samples)).toEqual([6, 6, 6])
  // Second minute: 6 … 11 % → mean 8.5, peak 11, lowest margin 30 - 11, 2 of 6 samples throttled (0x4 is normal).
  expect(rows[1]?.gpu_avg.slice(0, 8)).toEqual([85, 200, 100, 600, 215, 2500, 1410, 333])
  expect(rows[1]?.gpu_peak.slice(0, 8)).toEqual([110, 200, 100, 600, 190, 2500, 1410, 0x44])
  expect(rows[1]?.host_avg).toEqual([12, 64_000, 100_000, 1e6, 2e6, 3.5])
  const fleet = await readFleetSeries({
    ctx: world.ctx(),
    input: { window: { fromMs: T0, toMs: T0 + 3 * MINUTE }, metrics: ['utilPct', 'memUsedMib', 'gpusReporting'] },
  })
  expect(fleet.metrics.utilPct?.avg).toEqual([2.5, 8.5, 14.5])
  expect(fleet.metrics.memUsedMib?.avg).toEqual([3200, 3200, 3200])
  expect(fleet.metrics.gpusReporting?.avg).toEqual([2, 2, 2])
})

test('rolling up twice and at once writes the same rows; a downtime is made up for', async () => {
  await ramp(2)
  at(5 * MINUTE)
  await Promise.all([rollUp({ sys: world.sys }), rollUp({ sys: world.sys }), rollUp({ sys: world.sys })])
  const before = await world.db.$queryRaw`select * from telemetry.node_minute order by at`
  await world.db.$executeRaw`delete from telemetry.rollup_state`
  at(3 * HOUR)
  await rollUp({ sys: world.sys })
  expect(await world.db.$queryRaw`select * from telemetry.node_minute order by at`).toEqual(before)
  const [hour] = await world.db.$queryRaw<
    { samples: number; gpu_avg: number[]; gpu_peak: number[] }[]
  >`select * from telemetry.node_hour`
  expect(hour).toMatchObject({ samples: 12 })
  expect(hour?.gpu_avg[0]).toBe(55)
  expect(hour?.gpu_peak.slice(0, 8)).toEqual([110, 200, 100, 600, 190, 2500, 1410, 0x44])
})

test('what a cut-off node delivers late is rolled up again', async () => {
  await ramp(1)
  at(5 * MINUTE)
  await rollUp({ sys: world.sys })
  await store.store([batchOf(node, 1000, [sampleOf(node, T0 + 2 * MINUTE, { utilPct: 80 })])])
  expect(await rollUp({ sys: world.sys })).toMatchObject({ late: 1 })
  const series = await readGpuSeries({
    ctx: world.ctx(),
    input: {
      gpuId: node.gpus[0]?.id ?? '',
      metrics: ['utilPct'],
      window: { fromMs: T0, toMs: T0 + 4 * HOUR, maxPoints: 1000 },
    },
  })
  expect(series).toMatchObject({ source: 'minute', stepMs: MINUTE })
  expect(series.metrics.utilPct?.avg.slice(0, 5)).toEqual([2.5, null, 80, null, null])
})

test('series: gaps are null, the newest minutes come from raw rows, a slot that was taken over starts empty', async () => {
  await ramp(2)
  const gpuId = node.gpus[0]?.id ?? ''
  const read = (fromMs: number, toMs: number) =>
    readGpuSeries({
      ctx: world.ctx(),
      input: {
        gpuId,
        metrics: ['utilPct', 'tempMarginC', 'throttlePct'],
        window: { fromMs: T0 + fromMs, toMs: T0 + toMs },
      },
    })
  const raw = await read(0, 3 * MINUTE)
  expect(raw).toMatchObject({ source: 'raw', stepMs: 10_000 })
  expect(raw.metrics.utilPct?.avg.slice(0, 3)).toEqual([0, 1, 2])
  expect(raw.metrics.utilPct?.avg.slice(12)).toEqual([null, null, null, null, null, null])
  const minutes = await read(0, 3 * HOUR)
  expect(minutes.source).toBe('minute')
  expect(minutes.metrics.utilPct?.avg.slice(0, 3)).toEqual([2.5, 8.5, null])
  expect(minutes.metrics.tempMarginC?.peak.slice(0, 2)).toEqual([25, 19])
  expect(minutes.metrics.throttlePct?.avg[0]).toBeCloseTo(33.3, 0)
  await world.db.$executeRaw`update telemetry.gpu_slot set since = ${new Date(T0 + MINUTE)} where gpu_id = ${gpuId}`
  expect((await read(0, 3 * HOUR)).metrics.utilPct?.avg.slice(0, 2)).toEqual([null, 8.5])
})

test('a node over time: its host, and a metric of each GPU', async () => {
  await ramp(1)
  const series = await readNodeSeries({
    ctx: world.ctx(),
    input: { nodeId: node.nodeId, gpu: ['utilPct'], window: { fromMs: T0, toMs: T0 + MINUTE } },
  })
  expect(series.host.memUsedMib?.avg[0]).toBe(64_000)
  expect(series.gpuMetrics.utilPct?.map((gpu) => [gpu.index, gpu.avg[1]])).toEqual([
    [0, 1],
    [1, 1],
  ])
})

test('a window is required and bounded', async () => {
  const input = (fromMs: number, toMs: number) => ({ gpuId: node.gpus[0]?.id ?? '', window: { fromMs, toMs } })
  await expect(readGpuSeries({ ctx: world.ctx(), input: input(5, 5) })).rejects.toMatchObject({ code: 'invalid' })
  await expect(readGpuSeries({ ctx: world.ctx(), input: input(0, T0) })).rejects.toMatchObject({ code: 'invalid' })
})

test('a silent node keeps its last values, marked as stale; its places in the frame hold no data, never zero', async () => {
  await store.store([batchOf(node, 0, [sampleOf(node, T0)])])
  const [fresh] = await listNodes({ ctx: world.ctx('viewer') })
  expect(fresh).toMatchObject({ utilPct: 50, sample: { stale: false }, cells: [{ state: 'free' }, { state: 'free' }] })
  const table = await readSlotTable({ ctx: world.ctx() })
  const frame = await readFrame({ ctx: world.ctx() })
  expect(table).toMatchObject({ version: frame.version, length: 2 })
  expect([...frame.util, ...frame.temp]).toEqual([100, 100, 60, 60])
  expect(frame.mem[0]).toBe(Math.round((1600 / 81_920) * 200))
  at(2 * MINUTE)
  const [stale] = await listNodes({ ctx: world.ctx('viewer') })
  expect(stale).toMatchObject({
    utilPct: 50,
    sample: { stale: true, ageMs: 2 * MINUTE },
    cells: [{ state: 'no-data' }, { state: 'no-data' }],
  })
  const silent = await readFrame({ ctx: world.ctx() })
  expect([...silent.util, ...silent.mem, ...silent.temp, ...silent.power]).toEqual(Array.from({ length: 8 }, () => 255))
  expect(FRAME_STATES[silent.state[0] ?? 0]).toBe('no-data')
})

test('an idle GPU of a cordoned node is not free: the list, the node and the frame say cordoned', async () => {
  await store.store([batchOf(node, 0, [sampleOf(node, T0)])])
  await placeWorkload(world, { places: [{ nodeId: node.nodeId, gpuIds: [node.gpus[0]?.id ?? ''] }] })
  const input = { nodeId: node.nodeId, reason: 'Fan', expiresAt: new Date(T0 + MINUTE).toISOString() }
  await cordonNode({ ctx: world.ctx('admin'), input })
  const states = async () => ({
    gpus: (await listGpus({ ctx: world.ctx('viewer') })).map((gpu) => gpu.state),
    cells: (await listNodes({ ctx: world.ctx('viewer') })).flatMap((one) => one.cells.map((cell) => cell.state)),
    frame: [...(await readFrame({ ctx: world.ctx('viewer') })).state].map((byte) => FRAME_STATES[byte]),
  })
  const cordoned = ['allocated', 'cordoned']
  expect(await states()).toEqual({ gpus: cordoned, cells: cordoned, frame: cordoned })
  at(MINUTE + 1000)
  await store.store([batchOf(node, 1, [sampleOf(node, T0 + MINUTE)])])
  const over = ['allocated', 'free']
  expect(await states()).toEqual({ gpus: over, cells: over, frame: over })
})

test('a value that the driver does not report is null everywhere and 255 in the frame', async () => {
  await store.store([batchOf(node, 0, [sampleOf(node, T0, { utilPct: null, readability: 'unreadable' })])])
  const frame = await readFrame({ ctx: world.ctx() })
  expect([...frame.util]).toEqual([255, 255])
  expect((await fleetSummary({ ctx: world.ctx() })).utilPctNow).toBeNull()
})

test('counters: changes only, growth aware of a reboot', async () => {
  const gpu = node.gpus[1]
  const ecc = (value: number) => [
    {
      uuid: gpu?.uuid ?? '',
      kind: 'ecc-corrected' as const,
      location: 'total' as const,
      scope: 'volatile' as const,
      value,
    },
  ]
  const told: [number, number, string][] = [
    [0, 12, 'boot-a'],
    [1, 12, 'boot-a'],
    [2, 47, 'boot-a'],
    [3, 3, 'boot-b'],
  ]
  for (const [seq, value, boot] of told) {
    at(seq * HOUR)
    await store.store([batchOf(node, seq, [sampleOf(node, T0 + seq * HOUR, {}, ecc(value))], 'agent-a', boot)])
  }
  expect(await world.db.$queryRaw`select value::int, boot_id from telemetry.gpu_counter order by at`).toEqual([
    { value: 12, boot_id: 'boot-a' },
    { value: 47, boot_id: 'boot-a' },
    { value: 3, boot_id: 'boot-b' },
  ])
  const history = await counterHistory({
    ctx: world.ctx(),
    input: { gpuId: gpu?.id ?? '', window: { fromMs: T0 + HOUR, toMs: T0 + 4 * HOUR } },
  })
  expect(history.summaries).toMatchObject([{ growth: 38, now: 3, before: 12, resets: 1 }])
  expect(history.points.map((point) => [point.value, point.delta, point.reset])).toEqual([
    [47, 35, false],
    [3, 3, true],
  ])
  const [listed] = await listNodes({ ctx: world.ctx() })
  expect(listed).toMatchObject({ eccCorrected24h: 38, eccUncorrected24h: null })
})

test('old partitions are dropped, newer ones stay', async () => {
  await ramp(1)
  at(10 * MINUTE)
  await rollUp({ sys: world.sys })
  world.setNow(new Date(T0 + 4 * 24 * HOUR))
  expect((await pruneTelemetry({ sys: world.sys })).partitions).toBeGreaterThan(0)
  expect(await rawCount()).toBe(0)
  const [minutes] = await world.db.$queryRaw<{ n: bigint }[]>`select count(*) as n from telemetry.node_minute`
  expect(minutes?.n).toBe(1n)
})

test('held GPUs that do nothing are named with their workload', async () => {
  await placeWorkload(world, { places: [{ nodeId: node.nodeId, gpuIds: [node.gpus[0]?.id ?? ''] }] })
  const samples = Array.from({ length: 90 }, (_, i) => sampleOf(node, T0 + i * 10_000, { utilPct: 1 }))
  at(16 * MINUTE)
  await store.store([batchOf(node, 0, samples)])
  await rollUp({ sys: world.sys })
  const summary = await fleetSummary({ ctx: world.ctx() })
  expect(summary).toMatchObject({
    gpus: { total: 2, allocated: 1, free: 1 },
    utilPct15m: 1,
    idleAllocated: { gpus: 1, workloads: [{ name: 'train-a', gpus: 1 }] },
  })
})

test("another organisation's ids answer not found, and its fleet is empty", async () => {
  await store.store([batchOf(node, 0, [sampleOf(node, T0)])])
  const ctx = world.stranger
  const window = { fromMs: T0, toMs: T0 + MINUTE }
  const gpuId = node.gpus[0]?.id ?? ''
  const asked = [
    readGpuSeries({ ctx, input: { gpuId, window } }),
    readNodeSeries({ ctx, input: { nodeId: node.nodeId, window } }),
    counterHistory({ ctx, input: { gpuId, window } }),
    readLatest({ ctx, input: { nodeId: node.nodeId } }),
  ]
  for (const answer of await Promise.allSettled(asked))
    expect(answer).toMatchObject({ status: 'rejected', reason: { code: 'not-found' } })
  expect(await readLatest({ ctx })).toEqual([])
  expect((await readFrame({ ctx })).length).toBe(0)
  expect(await readSlotTable({ ctx })).toMatchObject({ length: 0 })
  expect((await fleetSummary({ ctx })).nodes.total).toBe(0)
  expect((await readFleetSeries({ ctx, input: { window, metrics: ['utilPct'] } })).metrics.utilPct?.avg).toEqual([null])
})

test('a GPU keeps its slot when the driver counts differently after a boot', async () => {
  const { updateInventory } = await import('../fleet/update-inventory')
  const [first, second] = node.inventory.gpus
  const after = { ...node.inventory, bootId: 'boot-b', gpus: [{ ...(second ?? gpuFacts(0)), index: 0 }, gpuFacts(1)] }
  const slots = await updateInventory({ sys: world.sys, nodeId: node.nodeId, inventory: after })
  expect(slots.map((gpu) => [gpu.uuid === second?.uuid, gpu.slot])).toEqual([
    [true, 1],
    [false, 2],
  ])
  const [listed] = await listNodes({ ctx: world.ctx() })
  expect(listed).toMatchObject({ gpusTotal: 3, gpusMissing: 1, condition: 'degraded' })
  expect(await world.db.gpu.findFirst({ where: { uuid: first?.uuid ?? '' } })).toMatchObject({
    missingSince: new Date(T0),
  })
})
