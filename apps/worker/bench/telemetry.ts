import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { SystemCtx } from '@clawbernetes/services/context'
import { openSystem } from '@clawbernetes/services/system-context'
import { readFleetSeries } from '@clawbernetes/services/telemetry/read-fleet-series'
import { readFrame } from '@clawbernetes/services/telemetry/read-frame'
import { readGpuSeries } from '@clawbernetes/services/telemetry/read-gpu-series'
import { readNodeSeries } from '@clawbernetes/services/telemetry/read-node-series'
import { rollUp } from '@clawbernetes/services/telemetry/roll-up'
import { openTelemetryStore } from '@clawbernetes/services/telemetry/telemetry-store'
import { startGateway } from '../src/gateway/start-gateway'
import { type BenchFleet, makeFleet } from './bench-fleet'
import { benchSample, valuesPerTick } from './bench-samples'
import { cpuBetween, databaseCpu, ownCpuS } from './cpu-clock'
import { fillDay } from './fill-day'
import type { LoadOrder, LoadReport } from './load'
import { prometheusScrape } from './prometheus-peer'

export interface BenchRow {
  figure: string
  value: string
  peer?: string
  ratio?: string
  bar?: string
  met?: boolean
  command: string
}

const COMMAND = 'npm run bench -- telemetry'
const NODES = 1_000
const GPUS = 8
const TICK_MS = 10_000
const HOUR_MS = 3_600_000
/** Of the study on a machine of this kind: Prometheus 2.42, 6,900 samples a second. */
const STUDY = {
  cpuUsPerSample: 11,
  bytesPerSample: 1.84,
  gpuHourMs: 2.8,
  gpuDayMs: 2.5,
  nodeHourMs: 4.8,
  fleetHourMs: 279,
  fleetDayMs: 3460,
}

/** Takes the telemetry figures on an empty, migrated database of its own. */
export async function* telemetryRows({
  databaseUrl,
  quick = false,
}: {
  databaseUrl: string
  quick?: boolean
}): AsyncGenerator<BenchRow> {
  const { sys, close } = openSystem(databaseUrl, 4)
  try {
    const fleet = await makeFleet(sys, NODES, GPUS)
    yield* ingestAtOnce(sys, fleet, databaseUrl)
    yield* ingestLive(sys, fleet, databaseUrl, quick)
    yield* queries(sys, fleet)
  } finally {
    await close()
  }
}

/** An hour of the whole fleet, as fast as it goes. */
async function* ingestAtOnce(sys: SystemCtx, fleet: BenchFleet, databaseUrl: string): AsyncGenerator<BenchRow> {
  const store = openTelemetryStore(databaseUrl, sys.now)
  const endMs = Math.floor(Date.now() / TICK_MS) * TICK_MS
  const ticks = HOUR_MS / TICK_MS
  const flushMs: number[] = []
  let values = 0
  for (let tick = 0; tick < ticks; tick++) {
    const atMs = endMs - (ticks - tick) * TICK_MS
    const batches = fleet.nodes.map((node) => ({
      nodeNum: node.num,
      machineBootId: 'boot',
      gpus: new Map(node.gpus.map((gpu) => [gpu.uuid, { id: gpu.id, slot: gpu.slot }])),
      batch: { seq: tick, bootId: 'fill', samples: [benchSample(node, atMs)], dropped: 0 },
    }))
    const startedAt = performance.now()
    const { samples } = await store.store(batches)
    flushMs.push(performance.now() - startedAt)
    values += samples * valuesPerTick(GPUS)
  }
  await store.close()
  const seconds = flushMs.reduce((a, b) => a + b, 0) / 1000
  yield {
    figure: 'stored at once, one transaction per tick of 8,000 GPUs',
    value: `${(values / seconds / 1e6).toFixed(2)} M samples/s`,
    peer: 'study, Prometheus remote write: 0.88 M',
    command: COMMAND,
  }
  yield { figure: 'one tick of 8,000 GPUs, flush p50', value: `${median(flushMs).toFixed(0)} ms`, command: COMMAND }
  const [size] = await sys.db.$queryRaw<{ bytes: number }[]>`
    select sum(pg_total_relation_size(inhrelid))::float8 as bytes from pg_inherits where inhparent = 'telemetry.node_sample'::regclass`
  const perSample = (size?.bytes ?? 0) / values
  yield {
    figure: 'bytes per sample on disk, raw, with index',
    value: perSample.toFixed(2),
    peer: `study, Prometheus: ${STUDY.bytesPerSample}`,
    bar: '≤ 4 before compaction',
    met: perSample <= 4,
    command: COMMAND,
  }
}

/** 1,000 node agents over sockets, one tick in ten seconds each: what it costs. */
async function* ingestLive(
  sys: SystemCtx,
  fleet: BenchFleet,
  databaseUrl: string,
  quick: boolean,
): AsyncGenerator<BenchRow> {
  const log = { info: () => {}, warn: (data: Record<string, unknown>, message: string) => console.error(message, data) }
  const gateway = await startGateway({ port: 0, host: '127.0.0.1', databaseUrl, log })
  const ticks = quick ? 2 : 4
  const load = fork(fileURLToPath(new URL('./load.ts', import.meta.url)), { execArgv: ['--import', 'tsx'] })
  const reports = messages(load)
  const nodes = fleet.nodes.map(({ id, num, privateKey, inventory }) => ({
    id,
    num,
    inventory,
    privateKeyPem: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
  }))
  try {
    load.send({ port: gateway.port, ticks, intervalMs: TICK_MS, nodes } satisfies LoadOrder)
    await reports.next('connected')
    const before = { own: ownCpuS(), db: await databaseCpu(sys) }
    const done = await reports.next('done')
    const after = { own: ownCpuS(), db: await databaseCpu(sys) }
    const values = done.sent * valuesPerTick(GPUS)
    const ownUs = ((after.own - before.own) / values) * 1e6
    const dbS = cpuBetween(before.db, after.db)
    const dbUs = dbS === null ? null : (dbS / values) * 1e6
    const cpuUs = ownUs + (dbUs ?? 0)
    const peer = quick ? null : await prometheusScrape(fleet.nodes, ticks * TICK_MS)
    const reference = peer?.cpuUsPerSample ?? STUDY.cpuUsPerSample
    yield {
      figure: `CPU per sample, ${NODES} connections at 10 s, gateway ${ownUs.toFixed(1)} µs + database ${dbUs?.toFixed(1) ?? '?'} µs`,
      value: `${cpuUs.toFixed(1)} µs`,
      peer: peer?.cpuUsPerSample
        ? `Prometheus, same run: ${reference.toFixed(1)} µs`
        : `Prometheus not run here (${peer?.why ?? 'quick run'}); study: ${reference} µs`,
      ratio: (reference / cpuUs).toFixed(2),
      bar: 'less than Prometheus',
      met: cpuUs < reference,
      command: COMMAND,
    }
    yield {
      figure: `batches lost of ${done.sent + done.lost}`,
      value: String(done.lost),
      bar: '0',
      met: done.lost === 0,
      command: COMMAND,
    }
    yield {
      figure: 'batch sent → stored and acknowledged, p50 / p99',
      value: `${done.ackP50Ms.toFixed(0)} / ${done.ackP99Ms.toFixed(0)} ms`,
      command: COMMAND,
    }
  } finally {
    load.kill()
    await gateway.stop()
  }
}

type Done = Extract<LoadReport, { kind: 'done' }>

function messages(load: ReturnType<typeof fork>) {
  const heard: LoadReport[] = []
  const next = (kind: LoadReport['kind']): Promise<Done> =>
    new Promise((resolve, reject) => {
      const look = () => {
        const found = heard.find((report) => report.kind === kind)
        if (found) resolve(found as Done)
      }
      load.on('message', look)
      load.once('exit', (code) => reject(new Error(`the load generator ended with ${code}`)))
      look()
    })
  load.on('message', (report: LoadReport) => heard.push(report))
  return { next }
}

/** What screens ask, over a day of the whole fleet. */
async function* queries(sys: SystemCtx, fleet: BenchFleet): AsyncGenerator<BenchRow> {
  await fillDay(sys)
  const startedAt = performance.now()
  const { minutes } = await rollUp({ sys })
  if (minutes > 0)
    yield {
      figure: `rolling up a minute of ${NODES} nodes`,
      value: `${((performance.now() - startedAt) / minutes).toFixed(0)} ms`,
      peer: 'study: 76 ms',
      command: COMMAND,
    }
  await sys.db.$executeRaw`analyze telemetry.node_minute, telemetry.fleet_minute, telemetry.latest, telemetry.gpu_slot`
  const { ctx, nodes } = fleet
  const toMs = Date.now()
  const window = (hours: number) => ({ fromMs: toMs - hours * HOUR_MS, toMs })
  const node = nodes[417] ?? nodes[0]
  const gpuId = node?.gpus[3]?.id ?? ''
  const asked: [string, () => Promise<unknown>, number | null, string][] = [
    [
      'one GPU, 1 h, one metric',
      () => readGpuSeries({ ctx, input: { gpuId, metrics: ['utilPct'], window: window(1) } }),
      STUDY.gpuHourMs,
      '',
    ],
    [
      'one GPU, 24 h, one metric',
      () => readGpuSeries({ ctx, input: { gpuId, metrics: ['utilPct'], window: { ...window(24), maxPoints: 289 } } }),
      STUDY.gpuDayMs,
      '',
    ],
    [
      'one node, 8 GPUs × 8 metrics, 1 h',
      () =>
        readNodeSeries({
          ctx,
          input: {
            nodeId: node?.id ?? '',
            host: [],
            gpu: ['utilPct', 'memUtilPct', 'memUsedMib', 'tempC', 'tempMarginC', 'powerW', 'smClockMhz', 'throttlePct'],
            window: window(1),
          },
        }),
      STUDY.nodeHourMs,
      '',
    ],
    [
      'all 8,000 GPUs, 1 h by minute',
      () => readFleetSeries({ ctx, input: { metrics: ['utilPct'], window: window(1) } }),
      STUDY.fleetHourMs,
      '',
    ],
    [
      'all 8,000 GPUs, 24 h by 5 min',
      () => readFleetSeries({ ctx, input: { metrics: ['utilPct'], window: { ...window(24), maxPoints: 289 } } }),
      STUDY.fleetDayMs,
      '',
    ],
    ['fleet view: a frame of 8,000 GPUs', () => readFrame({ ctx }), null, '≤ 20 ms'],
  ]
  for (const [figure, ask, studyMs, bar] of asked) {
    const ms = await timed(ask)
    yield {
      figure,
      value: `${ms.toFixed(1)} ms`,
      ...(studyMs === null
        ? { met: ms <= 20 }
        : { peer: `study, Prometheus: ${studyMs} ms`, ratio: (studyMs / ms).toFixed(1), met: ms < studyMs }),
      bar: bar || 'ahead of Prometheus',
      command: COMMAND,
    }
  }
}

/** Median of nine, after two that warm up. */
async function timed(ask: () => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let i = 0; i < 11; i++) {
    const startedAt = performance.now()
    await ask()
    if (i >= 2) times.push(performance.now() - startedAt)
  }
  return median(times)
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
