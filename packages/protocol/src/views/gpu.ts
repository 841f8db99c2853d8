import * as z from 'zod'
import { gpuReadability } from '../node/inventory'

const atMs = z.number().int()

/** ok, suspect (a finding is open; a person decides), quarantined (nothing new is placed), resetting, failed. */
export const gpuHealth = z.enum(['ok', 'suspect', 'quarantined', 'resetting', 'failed'])
export type GpuHealth = z.infer<typeof gpuHealth>

/**
 * One word for a cell of the map, the worst that is true: health first, then whether it is taken. `free`: new work may get it;
 * `cordoned`: nobody holds it and its node takes no new work.
 */
export const gpuState = z.enum([
  'free',
  'allocated',
  'cordoned',
  'suspect',
  'quarantined',
  'resetting',
  'failed',
  'unreadable',
  'missing',
  'no-data',
])
export type GpuState = z.infer<typeof gpuState>

/** One GPU at its last sample. null: the driver did not say, which is not zero. */
export const gpuReading = z.object({
  utilPct: z.number().nullable(),
  memUtilPct: z.number().nullable(),
  memUsedMib: z.number().nullable(),
  tempC: z.number().nullable(),
  /** °C left before the GPU slows down; may be ≤ 0. */
  tempMarginC: z.number().nullable(),
  powerW: z.number().nullable(),
  smClockMhz: z.number().nullable(),
  /** Bits of protocol/node/telemetry THROTTLE_BITS. */
  throttleMask: z.number().int().nullable(),
  /** Plain words for the bits that mean trouble; empty: none. */
  throttleReasons: z.array(z.string()),
})
export type GpuReading = z.infer<typeof gpuReading>

export const gpuProcessView = z.object({
  pid: z.number().int(),
  name: z.string(),
  memUsedMib: z.number().nullable(),
  replicaId: z.string().nullable(),
})
export type GpuProcessView = z.infer<typeof gpuProcessView>

export const gpuView = z.object({
  id: z.string(),
  uuid: z.string(),
  nodeId: z.string(),
  nodeName: z.string(),
  demo: z.boolean(),
  /** As the driver counts now; may change after a boot. The UUID is the identity. */
  index: z.number().int(),
  /** Stable place of this GPU in its node's telemetry. */
  slot: z.number().int(),
  vendor: z.string(),
  name: z.string(),
  /** Normalised: "A100-80GB". */
  model: z.string(),
  memoryMib: z.number().int().nullable(),
  powerLimitW: z.number().nullable(),
  slowdownTempC: z.number().nullable(),
  shutdownTempC: z.number().nullable(),
  slowdownMarginC: z.number().nullable(),
  pciBusId: z.string().nullable(),
  serial: z.string().nullable(),
  migEnabled: z.boolean().nullable(),
  linkDomain: z.string().nullable(),
  state: gpuState,
  health: gpuHealth,
  healthReason: z.string().nullable(),
  readability: gpuReadability,
  missingSinceMs: atMs.nullable(),
  reading: gpuReading,
  sample: z.object({ atMs: atMs.nullable(), ageMs: z.number().int().nullable(), stale: z.boolean() }),
  processes: z.array(gpuProcessView),
  /** Who holds it now. */
  workload: z
    .object({ id: z.string(), name: z.string(), kind: z.string(), replicaId: z.string().nullable() })
    .nullable(),
  eccCorrected24h: z.number().int().nullable(),
  eccUncorrected24h: z.number().int().nullable(),
  openFindings: z.number().int(),
  version: z.number().int(),
})
export type GpuView = z.infer<typeof gpuView>

/** One step of a counter; `delta` counts a drop (reboot, driver reload) as a new start from zero. */
export const counterPoint = z.object({
  atMs,
  kind: z.string(),
  location: z.string(),
  scope: z.string(),
  bootId: z.string(),
  value: z.number().int(),
  delta: z.number().int(),
  reset: z.boolean(),
})
export type CounterPoint = z.infer<typeof counterPoint>

/** "47, was 12 yesterday": one counter now and a day before, of the same kind, place and scope. */
export const counterSummary = z.object({
  kind: z.string(),
  location: z.string(),
  scope: z.string(),
  /** Sum of growth over the window, aware of resets. */
  growth: z.number().int(),
  now: z.number().int(),
  /** Value at the start of the window; null: not known that far back. */
  before: z.number().int().nullable(),
  resets: z.number().int(),
  lastChangeAtMs: atMs.nullable(),
})
export type CounterSummary = z.infer<typeof counterSummary>

export const counterHistory = z.object({
  gpuId: z.string(),
  fromMs: atMs,
  toMs: atMs,
  points: z.array(counterPoint),
  summaries: z.array(counterSummary),
})
export type CounterHistory = z.infer<typeof counterHistory>
