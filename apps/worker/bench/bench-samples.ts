import type { TelemetrySample } from '@clawbernetes/protocol/node/telemetry'

/** Numbers that a storage counts per node and tick: 8 per GPU and 6 of the host. */
export const valuesPerTick = (gpus: number): number => gpus * 8 + 6

/** A tick as a busy node reports it: values that move a little from tick to tick and differ from GPU to GPU. */
export function benchSample(node: { num: number; gpus: { uuid: string }[] }, atMs: number): TelemetrySample {
  const tick = atMs / 10_000
  const wave = (phase: number, period: number) => Math.sin((tick + phase) / period)
  return {
    atMs,
    gpus: node.gpus.map((gpu, i) => {
      const load = 0.8 + 0.2 * wave(node.num * 7 + i, 11)
      return {
        uuid: gpu.uuid,
        utilPct: Math.round(load * 100),
        memUtilPct: Math.round(load * 60),
        memUsedMib: 60_000 + ((node.num * 131 + i * 17) % 8_000),
        tempC: Math.round(45 + load * 30),
        tempMarginC: Math.round(42 - load * 30),
        powerW: Math.round((120 + load * 250) * 10) / 10,
        smClockMhz: 1410 - Math.round((1 - load) * 100),
        throttleMask: load > 0.95 ? 0x4 : 0,
        readability: 'ok' as const,
      }
    }),
    host: {
      cpuPct: 30 + 10 * wave(node.num, 7),
      memUsedMib: 400_000 + node.num,
      diskUsedMib: 900_000,
      netRxBytesPerS: 5e8 + 1e8 * wave(node.num, 5),
      netTxBytesPerS: 4e8,
      load1: 20,
    },
    counters: [],
  }
}
