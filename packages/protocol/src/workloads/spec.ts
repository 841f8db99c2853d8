import * as z from 'zod'
import { healthCheck, mount } from '../node/replica'
import { slugText } from '../text'

export const workloadKind = z.enum(['training', 'service', 'batch', 'job'])
export type WorkloadKind = z.infer<typeof workloadKind>

/** How a model's weights and optimiser state are spread. `ddp` holds everything on each GPU, `fsdp` shards it. */
export const trainingShape = z.object({
  /** lower-case kebab, e.g. llama-3-8b */
  model: z.string().max(80),
  /** Billions of parameters. */
  paramsB: z.number().positive(),
  method: z.enum(['full', 'lora', 'qlora']),
  sharding: z.enum(['none', 'ddp', 'fsdp']),
  gradientCheckpointing: z.boolean(),
  datasetPath: z.string().max(400).nullable(),
  epochs: z.number().int().min(1).max(10_000),
  framework: z.string().max(40),
})
export type TrainingShape = z.infer<typeof trainingShape>

/** Where replicas may go. Everything named must hold. */
export const placementRules = z.object({
  nodes: z.array(slugText).max(1000).nullable(),
  excludeNodes: z.array(slugText).max(1000),
  labels: z.record(z.string(), z.string()),
  gpuModel: z.string().max(60).nullable(),
})
export type PlacementRules = z.infer<typeof placementRules>

/** What a person asked to run, complete and without a node: placement adds the nodes and GPUs. */
export const workloadSpec = z.object({
  kind: workloadKind,
  runtime: z.enum(['container', 'process']),
  image: z.string().max(300).nullable(),
  /** argv; `{gpus}` and `{master}` style placeholders are not allowed: steps fill arguments when they place. */
  command: z.array(z.string().max(4000)).max(200),
  env: z.record(z.string(), z.string().max(8000)),
  /** Environment variable → name of a secret. Values are never in a spec, a plan or a log. */
  secretEnv: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/), z.string().max(80)).optional(),
  workdir: z.string().max(400).nullable(),
  mounts: z.array(mount).max(32),
  ports: z.array(z.object({ containerPort: z.number().int(), hostPort: z.number().int().nullable() })).max(16),
  replicas: z.number().int().min(1).max(1000),
  gpusPerReplica: z.number().int().min(0).max(32),
  /** All replicas start together on one attempt or none does (multi-node training). */
  gang: z.boolean(),
  memoryMib: z.number().int().nullable(),
  cpus: z.number().nullable(),
  shmMib: z.number().int().nullable(),
  health: healthCheck.nullable(),
  restart: z.object({
    policy: z.enum(['never', 'on-failure', 'always']),
    maxRestarts: z.number().int(),
    backoffMs: z.number().int(),
  }),
  stop: z.object({ signal: z.enum(['SIGTERM', 'SIGINT']), graceMs: z.number().int() }),
  checkpoint: z.object({ dir: z.string().max(400), signal: z.enum(['SIGUSR1', 'SIGUSR2']) }).nullable(),
  placement: placementRules,
  training: trainingShape.nullable(),
})
export type WorkloadSpec = z.infer<typeof workloadSpec>
