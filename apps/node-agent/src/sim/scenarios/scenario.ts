import { slugText } from '@clawbernetes/protocol/text'
import * as z from 'zod'
import { GPU_MODELS, type GpuModelName } from '../physics/gpu-models'

const modelName = z.enum(Object.keys(GPU_MODELS) as [GpuModelName, ...GpuModelName[]])

/** Memory errors that a GPU has had before the scenario begins, and how it goes on. */
export const gpuHistory = z.object({
  index: z.number().int().min(0).max(31),
  /** Corrected DRAM errors since the machine's boot, and in the card's life. */
  correctedVolatile: z.number().int().min(0).default(0),
  correctedAggregate: z.number().int().min(0).default(0),
  /** New corrected errors an hour, found by work or by the memory's own scrubbing; 0: a healthy card. */
  correctedPerHour: z.number().min(0).default(0),
})

/** A file or folder below the node's data root. Sizes are apparent: files are sparse and take no room here. */
export const scenarioPath = z.object({
  path: z.string().regex(/^\/data\/[a-z0-9._/-]+$/),
  files: z.array(z.object({ name: z.string().regex(/^[a-z0-9._-]+$/), sizeMib: z.number().int().min(0) })).default([]),
})

export const scenarioNode = z.object({
  name: slugText,
  gpu: z.object({ model: modelName, count: z.number().int().min(1).max(16) }).nullable(),
  cpuModel: z.string(),
  cpuCores: z.number().int().min(1),
  memoryMib: z.number().int().min(1024),
  diskTotalMib: z.number().int().min(1024),
  diskUsedMib: z.number().int().min(0),
  driverVersion: z.string(),
  cudaVersion: z.string(),
  kernel: z.string(),
  /** Air in front of the machine. */
  ambientC: z.number().min(5).max(45),
  labels: z.record(z.string().max(63), z.string().max(63)),
  paths: z.array(scenarioPath),
  /** Images that were pulled before: these start without a pull. */
  images: z.array(z.string()),
  gpuHistory: z.array(gpuHistory).default([]),
})
export type ScenarioNode = z.infer<typeof scenarioNode>

export const scenario = z.object({
  name: slugText,
  title: z.string(),
  nodes: z.array(scenarioNode).min(1).max(5000),
  /** Folders that all nodes see: what one writes there, the others read, as on a network file system. */
  shared: z.array(z.string().regex(/^\/data\/[a-z0-9._-]+$/)).default([]),
})
export type Scenario = z.infer<typeof scenario>
