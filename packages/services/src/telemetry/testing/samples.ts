import type { GpuCounter, TelemetrySample } from '@clawbernetes/protocol/node/telemetry'
import type { NodeBatch } from '../telemetry-store'

type TestNode = { num: number; gpus: { id: string; uuid: string; slot: number }[] }

export const sampleOf = (
  node: TestNode,
  atMs: number,
  over: Partial<TelemetrySample['gpus'][number]> = {},
  counters: GpuCounter[] = [],
): TelemetrySample => ({
  atMs,
  gpus: node.gpus.map((gpu) => ({
    uuid: gpu.uuid,
    utilPct: 50,
    memUtilPct: 20,
    memUsedMib: 1600,
    tempC: 60,
    tempMarginC: 27,
    powerW: 250,
    smClockMhz: 1410,
    throttleMask: 0,
    readability: 'ok',
    ...over,
  })),
  host: { cpuPct: 12, memUsedMib: 64_000, diskUsedMib: 100_000, netRxBytesPerS: 1e6, netTxBytesPerS: 2e6, load1: 3.5 },
  counters,
})

export const batchOf = (
  node: TestNode,
  seq: number,
  samples: TelemetrySample[],
  bootId = 'agent-a',
  machineBootId = 'boot-a',
): NodeBatch => ({
  nodeNum: node.num,
  machineBootId,
  gpus: new Map(node.gpus.map((gpu) => [gpu.uuid, { id: gpu.id, slot: gpu.slot }])),
  batch: { seq, bootId, samples, dropped: 0 },
})
