import * as z from 'zod'

/** Which file of the node's disk a path of the container is. */
const mapped = z.object({ containerPath: z.string(), hostPath: z.string(), readOnly: z.boolean() })

const common = {
  replicaId: z.string(),
  generation: z.number().int(),
  attempt: z.number().int(),
  workloadName: z.string(),
  gpuUuids: z.array(z.string()),
  /** File of the node with what its hardware does (see machine/world-file). */
  worldFile: z.string(),
  mounts: z.array(mapped),
  seed: z.number().int(),
  /** The disk keeps holes as holes: files may be as large as real ones would be. */
  sparseFiles: z.boolean().default(false),
  /** A process whose machine has said nothing for so long ends by itself and goes on when the machine is back. */
  machineSilentMs: z.number().positive().default(600_000),
  /** The process is killed when it needs more than this. */
  ramLimitMib: z.number(),
}

export const trainPlan = z.object({
  model: z.string(),
  paramsB: z.number().positive(),
  method: z.enum(['full', 'lora', 'qlora']),
  sharding: z.enum(['none', 'fsdp', 'zero2', 'zero3']),
  gradientCheckpointing: z.boolean(),
  worldSize: z.number().int().min(1),
  /** Processes on this node; each wants a GPU of its own. */
  localRanks: z.number().int().min(1),
  batchSize: z.number().int().min(1),
  gradAccum: z.number().int().min(1),
  seqLen: z.number().int().min(1),
  learningRate: z.number().positive(),
  warmupSteps: z.number().int().min(0),
  totalSteps: z.number().int().min(1),
  epochs: z.number().min(0),
  dataDir: z.string().nullable(),
  checkpointDir: z.string().nullable(),
  saveSteps: z.number().int().min(1),
  keepLast: z.number().int().min(1),
  keepEvery: z.number().int().min(0),
  resume: z.boolean(),
  /** A checkpoint that a person named, as a path of the container; null: the newest. */
  resumeFrom: z.string().nullable().default(null),
  /** Time of one step on an unthrottled set of its GPUs. */
  stepMs: z.number().positive(),
  gpuMemoryMib: z.number(),
  activationMib: z.number(),
  ramMib: z.number(),
  /** Steps done before the demo begins: a run that has been going for a while. */
  startStep: z.number().int().min(0),
})
export type TrainPlan = z.infer<typeof trainPlan>

export const taskPlan = z.object({
  title: z.string(),
  /** 0: until it is stopped. */
  durationMs: z.number().min(0),
  exitCode: z.number().int().min(0).max(255),
  busyShare: z.number(),
  intensity: z.number(),
  gpuMemoryMib: z.number(),
  ramMib: z.number(),
  cpuCores: z.number(),
  /** Printed at once, one line each; then progress lines unless quiet. */
  lines: z.array(z.string()),
  quiet: z.boolean(),
  /** The machine's own program does it; empty: the simulated process does. */
  native: z.array(z.string()).default([]),
})
export type TaskPlan = z.infer<typeof taskPlan>

/**
 * Everything the simulated process needs to know; written by the runtime, read once by the process. Fields that came
 * later have defaults: a fleet that slept over an update wakes with files of before.
 */
export const jobFile = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('train'), ...common, plan: trainPlan }),
  z.object({ kind: z.literal('task'), ...common, plan: taskPlan }),
])
export type JobFile = z.infer<typeof jobFile>

/** What the process says of itself: `report.json`, replaced when something changed. */
export const report = z.object({
  pid: z.number().int(),
  phase: z.enum(['loading', 'compute', 'checkpoint', 'hung', 'waiting']),
  busyShare: z.number(),
  intensity: z.number(),
  gpuMemoryMib: z.number(),
  ramMib: z.number(),
  cpuCores: z.number(),
  netBytesPerS: z.number(),
})
export type Report = z.infer<typeof report>

/** How the process ended, in its own words: `end.json`. Missing after a SIGKILL. */
export const endFile = z.object({
  exitCode: z.number().int(),
  oomKilled: z.boolean(),
  ramMib: z.number(),
  suspended: z.boolean().default(false),
})
export type EndFile = z.infer<typeof endFile>
