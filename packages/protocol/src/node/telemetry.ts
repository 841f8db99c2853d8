import * as z from 'zod'

const reading = z.number().finite().nullable()

/** Throttle reason bits of NVML `nvmlClocksEventReasons` (docs.nvidia.com). AMD and the simulator map onto them. */
export const THROTTLE_BITS = {
  idle: 0x1,
  appClocks: 0x2,
  swPowerCap: 0x4,
  hwSlowdown: 0x8,
  syncBoost: 0x10,
  swThermal: 0x20,
  hwThermal: 0x40,
  hwPowerBrake: 0x80,
  displayClocks: 0x100,
} as const
/** Bits that mean trouble; a software power cap on a busy GPU is normal. */
export const THROTTLE_TROUBLE =
  THROTTLE_BITS.hwSlowdown | THROTTLE_BITS.swThermal | THROTTLE_BITS.hwThermal | THROTTLE_BITS.hwPowerBrake

/** One GPU at one moment. null: the driver did not say. */
export const gpuSample = z.object({
  uuid: z.string().min(1).max(80),
  utilPct: reading,
  memUtilPct: reading,
  memUsedMib: reading,
  tempC: reading,
  /** °C left before the GPU slows down (T.Limit); may be ≤ 0. */
  tempMarginC: reading,
  powerW: reading,
  smClockMhz: reading,
  throttleMask: z.number().int().min(0).max(0x1ff).nullable(),
  readability: z.enum(['ok', 'unreadable', 'lost', 'requires-reset']),
})
export type GpuSample = z.infer<typeof gpuSample>

/** The machine at one moment. */
export const hostSample = z.object({
  cpuPct: reading,
  memUsedMib: reading,
  diskUsedMib: reading,
  netRxBytesPerS: reading,
  netTxBytesPerS: reading,
  load1: reading,
})
export type HostSample = z.infer<typeof hostSample>

/** Counters that only grow within a boot (ECC) or for ever (aggregate, remapped rows): sent when they change. */
export const gpuCounter = z.object({
  uuid: z.string().min(1).max(80),
  kind: z.enum([
    'ecc-corrected',
    'ecc-uncorrected',
    'remapped-correctable',
    'remapped-uncorrectable',
    'remap-pending',
    'remap-failure',
    'pcie-replay',
  ]),
  location: z.enum(['total', 'sram', 'dram']),
  scope: z.enum(['volatile', 'aggregate']),
  value: z.number().int().min(0),
})
export type GpuCounter = z.infer<typeof gpuCounter>

export const gpuProcess = z.object({
  uuid: z.string().min(1).max(80),
  pid: z.number().int().min(0),
  name: z.string().max(200),
  memUsedMib: reading,
  replicaId: z.string().max(40).nullable(),
})
export type GpuProcess = z.infer<typeof gpuProcess>

/** One tick of one node. */
export const telemetrySample = z.object({
  atMs: z.number().int(),
  gpus: z.array(gpuSample).max(32),
  host: hostSample,
  counters: z.array(gpuCounter).max(512),
  /** Present when it changed since the last tick. */
  processes: z.array(gpuProcess).max(256).optional(),
})
export type TelemetrySample = z.infer<typeof telemetrySample>

/** An acknowledged batch. `seq` grows by one a batch within a `bootId` of the agent process. */
export const telemetryBatch = z.object({
  seq: z.number().int().min(0),
  bootId: z.string().max(80),
  samples: z.array(telemetrySample).min(1).max(120),
  /** Samples that the agent's bounded buffer had to drop since the last acknowledged batch. */
  dropped: z.number().int().min(0),
})
export type TelemetryBatch = z.infer<typeof telemetryBatch>

/** Something rare that happened on the machine. Interpretation lives centrally, in domain/diagnosis. */
export const healthEvent = z.object({
  /** Unique per node; a repeat is ignored. */
  key: z.string().max(120),
  atMs: z.number().int(),
  kind: z.enum([
    'xid',
    'sxid',
    'throttle-start',
    'throttle-end',
    'gpu-lost',
    'gpu-unreadable',
    'gpu-recovered',
    'oom-kill',
    'context-hung',
    'driver',
    'agent',
  ]),
  uuid: z.string().max(80).nullable(),
  pciBusId: z.string().max(40).nullable(),
  /** XID number, throttle mask, pid …: the number that the kind needs. */
  code: z.number().int().nullable(),
  /** The line as the machine printed it: untrusted. */
  line: z.string().max(1000).nullable(),
  replicaId: z.string().max(40).nullable(),
})
export type HealthEvent = z.infer<typeof healthEvent>
