import * as z from 'zod'
import { slugText } from '../text'

const machineText = z.string().max(200)
/** A driver value that may be absent: null means "not reported", which is neither zero nor healthy. */
const maybe = <T extends z.ZodType>(t: T) => t.nullable()

/** Verdict of reading one GPU. `unreadable` covers ERR!, "Unknown Error"; `lost` is "GPU is lost"; both fail closed. */
export const gpuReadability = z.enum(['ok', 'unreadable', 'lost', 'requires-reset'])

export const gpuInventory = z.object({
  uuid: z.string().min(1).max(80),
  index: z.number().int().min(0).max(255),
  vendor: z.enum(['nvidia', 'amd', 'other']),
  /** Marketing name as the driver prints it, e.g. "NVIDIA A100-SXM4-80GB". */
  name: machineText,
  /** Normalised model, e.g. "A100-80GB", "H100-80GB"; how people and quotas name it. */
  model: z.string().min(1).max(60),
  memoryMib: maybe(z.number().int().min(0)),
  pciBusId: maybe(machineText),
  serial: maybe(machineText),
  /** Absolute slowdown temperature in °C where the driver gives one; newer drivers give only margins. */
  slowdownTempC: maybe(z.number()),
  shutdownTempC: maybe(z.number()),
  /** T.Limit of slowdown, in °C of margin (usually negative), on drivers that report margins. */
  slowdownMarginC: maybe(z.number()),
  powerLimitW: maybe(z.number()),
  migEnabled: maybe(z.boolean()),
  /** NVLink/NVSwitch domain: GPUs with the same value are reset together and talk fast to each other. */
  linkDomain: maybe(machineText),
  readability: gpuReadability,
})
export type GpuInventory = z.infer<typeof gpuInventory>

export const runtimeInfo = z.object({
  kind: z.enum(['container', 'process']),
  /** docker, podman, sim, or the init of plain processes. */
  engine: z.string().max(40),
  version: maybe(z.string().max(60)),
  /** How this engine hands a GPU to a container (infra.md 1): cdi request, nvidia runtime request, libpod device, or not at all. */
  gpu: z.enum(['cdi', 'nvidia', 'libpod', 'native', 'none']),
  /** What it cannot do on this machine, or how it keeps limits, in a sentence for a person. */
  note: z.string().max(300).optional(),
})
export type RuntimeInfo = z.infer<typeof runtimeInfo>

export const inventory = z.object({
  hostname: machineText,
  /** Suggested node name; the gateway makes it unique in the organisation. */
  name: slugText,
  os: machineText,
  kernel: machineText,
  arch: z.string().max(20),
  /** Changes at every boot of the machine: volatile counters are only comparable within one. */
  bootId: z.string().max(80),
  cpuModel: maybe(machineText),
  cpuCores: z.number().int().min(1),
  memoryMib: z.number().int().min(0),
  diskTotalMib: maybe(z.number().int().min(0)),
  driver: z.enum(['nvidia', 'amd', 'none', 'sim']),
  driverVersion: maybe(machineText),
  cudaVersion: maybe(machineText),
  runtimes: z.array(runtimeInfo).max(8),
  gpus: z.array(gpuInventory).max(32),
  labels: z.record(z.string().max(63), z.string().max(63)),
  /** Folders under which workloads may mount paths; everything else on the machine is out of reach. */
  dataRoots: z.array(z.string().max(300)).max(16),
  /** Paths seen below the data roots (two levels, capped), with size where cheap: answers "is the data there?". */
  dataPaths: z
    .array(z.object({ path: z.string().max(400), kind: z.enum(['dir', 'file']), sizeMib: maybe(z.number()) }))
    .max(500),
  /** Address other nodes and the ingress reach this one at, when known. */
  address: maybe(machineText),
  /** Everything this node reports is simulated; shown as Demo wherever its data appears. */
  demo: z.boolean(),
})
export type Inventory = z.infer<typeof inventory>
