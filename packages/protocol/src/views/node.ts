import * as z from 'zod'
import { runtimeInfo } from '../node/inventory'
import { findingSeverity, findingView } from './finding'
import { gpuState, gpuView } from './gpu'

/** Milliseconds since 1970 on the server's clock. */
const atMs = z.number().int()

export const nodeStatus = z.enum(['joining', 'online', 'offline', 'incompatible', 'lost'])
export type NodeStatus = z.infer<typeof nodeStatus>

/** What a person should think of a node: `unknown` while it does not report. */
export const nodeCondition = z.enum(['ok', 'degraded', 'critical', 'unknown'])
export type NodeCondition = z.infer<typeof nodeCondition>

/** A cordon is a lease: who, why, until when. */
export const cordonView = z.object({
  atMs,
  by: z.object({ id: z.string(), name: z.string() }).nullable(),
  reason: z.string(),
  /** null: until somebody lifts it. */
  expiresAtMs: atMs.nullable(),
})
export type CordonView = z.infer<typeof cordonView>

/** The machine itself at its last sample. null: not reported, which is not zero. */
export const hostReading = z.object({
  cpuPct: z.number().nullable(),
  memUsedMib: z.number().nullable(),
  diskUsedMib: z.number().nullable(),
  netRxBytesPerS: z.number().nullable(),
  netTxBytesPerS: z.number().nullable(),
  load1: z.number().nullable(),
})
export type HostReading = z.infer<typeof hostReading>

/** Freshness of values: `stale` values are the last ones known, to be dimmed, never to be read as current or as zero. */
export const freshness = z.object({
  /** When the node took the sample; null: never heard. */
  atMs: atMs.nullable(),
  ageMs: z.number().int().nullable(),
  stale: z.boolean(),
})
export type Freshness = z.infer<typeof freshness>

/** One cell of a node's mini map, in order of the GPU's slot. */
export const gpuCell = z.object({
  gpuId: z.string(),
  index: z.number().int(),
  state: gpuState,
  utilPct: z.number().nullable(),
  memUsedPct: z.number().nullable(),
  tempC: z.number().nullable(),
})
export type GpuCell = z.infer<typeof gpuCell>

/** A row of the fleet's table, a card of its grid. */
export const nodeListItem = z.object({
  id: z.string(),
  name: z.string(),
  demo: z.boolean(),
  status: nodeStatus,
  statusReason: z.string().nullable(),
  condition: nodeCondition,
  cordon: cordonView.nullable(),
  labels: z.record(z.string(), z.string()),
  driver: z.enum(['nvidia', 'amd', 'none', 'sim']),
  gpuModels: z.array(z.object({ model: z.string(), count: z.number().int() })),
  gpusTotal: z.number().int(),
  gpusAllocated: z.number().int(),
  /** Not allocated, healthy, present, on an online node that is not cordoned: what a placement could take now. */
  gpusFree: z.number().int(),
  gpusQuarantined: z.number().int(),
  gpusMissing: z.number().int(),
  cells: z.array(gpuCell),
  /** Mean over the GPUs that reported; null: none did. */
  utilPct: z.number().nullable(),
  gpuMemUsedMib: z.number().nullable(),
  gpuMemTotalMib: z.number().nullable(),
  maxTempC: z.number().nullable(),
  powerW: z.number().nullable(),
  host: hostReading,
  cpuCores: z.number().int(),
  memoryMib: z.number().int(),
  /** Growth of ECC counters over 24 h, aware of resets; null: not collected. */
  eccCorrected24h: z.number().int().nullable(),
  eccUncorrected24h: z.number().int().nullable(),
  workloads: z.array(z.object({ id: z.string(), name: z.string(), gpus: z.number().int() })),
  openFindings: z.number().int(),
  worstSeverity: findingSeverity.nullable(),
  sample: freshness,
  agentVersion: z.string(),
  joinedAtMs: atMs,
  lastSeenAtMs: atMs.nullable(),
  version: z.number().int(),
})
export type NodeListItem = z.infer<typeof nodeListItem>

export const nodeDetail = nodeListItem.extend({
  epoch: z.number().int(),
  protocol: z.number().int(),
  hostname: z.string(),
  os: z.string(),
  kernel: z.string(),
  arch: z.string(),
  cpuModel: z.string().nullable(),
  diskTotalMib: z.number().nullable(),
  driverVersion: z.string().nullable(),
  cudaVersion: z.string().nullable(),
  address: z.string().nullable(),
  bootId: z.string(),
  runtimes: z.array(runtimeInfo),
  dataRoots: z.array(z.string()),
  dataPaths: z.array(z.object({ path: z.string(), kind: z.enum(['dir', 'file']), sizeMib: z.number().nullable() })),
  connectedAtMs: atMs.nullable(),
  gpus: z.array(gpuView),
  findings: z.array(findingView),
  /** Replicas that are on this node now. */
  replicas: z.array(
    z.object({
      id: z.string(),
      workloadId: z.string(),
      workloadName: z.string(),
      ordinal: z.number().int(),
      phase: z.string(),
      desired: z.enum(['run', 'stop']),
      gpuIndexes: z.array(z.number().int()),
      startedAtMs: atMs.nullable(),
    }),
  ),
  /** Telemetry samples that the node's buffer had to drop since it joined. */
  droppedSamples: z.number().int(),
})
export type NodeDetail = z.infer<typeof nodeDetail>

/** One thing in a node's Events tab, newest first: what the machine reported or the control plane noticed. */
export const nodeEvent = z.object({
  id: z.string(),
  atMs,
  source: z.enum(['machine', 'control-plane']),
  kind: z.string(),
  gpuId: z.string().nullable(),
  gpuIndex: z.number().int().nullable(),
  /** XID number or throttle mask, where the kind has one. */
  code: z.number().int().nullable(),
  /** Plain words, ours. */
  title: z.string(),
  /** The machine's own line: untrusted text. */
  line: z.string().nullable(),
  replicaId: z.string().nullable(),
})
export type NodeEvent = z.infer<typeof nodeEvent>
export const nodeEventPage = z.object({ events: z.array(nodeEvent), nextCursor: z.string().nullable() })
export type NodeEventPage = z.infer<typeof nodeEventPage>
