import * as z from 'zod'

const absolutePath = z
  .string()
  .max(400)
  .regex(/^\/[^\u0000]*$/, 'An absolute path is needed.')
  .refine((p) => !p.split('/').includes('..'), 'The path may not contain "..".')
const envName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/)

export const mount = z.object({ hostPath: absolutePath, containerPath: absolutePath, readOnly: z.boolean() })
export type Mount = z.infer<typeof mount>

export const healthCheck = z.object({
  kind: z.literal('http'),
  port: z.number().int().min(1).max(65535),
  path: z.string().max(200).regex(/^\//),
  intervalMs: z.number().int().min(250),
  timeoutMs: z.number().int().min(100),
  /** Misses in a row before a ready replica counts as unhealthy. */
  failures: z.number().int().min(1),
  startPeriodMs: z.number().int().min(0),
})

/** What a node is asked to run. Complete: the agent needs nothing else to start it. No shell: `command` is an argv. */
export const replicaSpec = z.object({
  runtime: z.enum(['container', 'process']),
  image: z.string().max(300).nullable(),
  command: z.array(z.string().max(4000)).max(200),
  env: z.record(envName, z.string().max(8000)),
  /** Environment variables whose values are secrets, by name: the gateway fills them in when it sends the list to the node. */
  secretEnv: z.record(envName, z.string().max(80)).optional(),
  workdir: absolutePath.nullable(),
  mounts: z.array(mount).max(32),
  ports: z
    .array(
      z.object({
        containerPort: z.number().int().min(1).max(65535),
        hostPort: z.number().int().min(0).max(65535).nullable(),
      }),
    )
    .max(16),
  gpuUuids: z.array(z.string().max(80)).max(32),
  memoryMib: z.number().int().min(4).nullable(),
  cpus: z.number().min(0.01).nullable(),
  shmMib: z.number().int().min(0).nullable(),
  pidsMax: z.number().int().min(1).nullable(),
  health: healthCheck.nullable(),
  restart: z.object({
    policy: z.enum(['never', 'on-failure', 'always']),
    maxRestarts: z.number().int().min(0).max(1000),
    backoffMs: z.number().int().min(0),
  }),
  stop: z.object({ signal: z.enum(['SIGTERM', 'SIGINT']), graceMs: z.number().int().min(0).max(600_000) }),
  /** Where checkpoints go and how the process is told to write one now; null: it cannot. */
  checkpoint: z.object({ dir: absolutePath, signal: z.enum(['SIGUSR1', 'SIGUSR2']) }).nullable(),
})
export type ReplicaSpec = z.infer<typeof replicaSpec>

/** Desired state of one replica on one node. A replica the list does not name must not run there. */
export const assignment = z.object({
  replicaId: z.string().max(40),
  workloadId: z.string().max(40),
  workloadName: z.string().max(80),
  /** Raised when the spec of this replica changes: the agent replaces what runs. */
  generation: z.number().int().min(1),
  desired: z.enum(['run', 'stop']),
  spec: replicaSpec,
})
export type Assignment = z.infer<typeof assignment>

export const assignments = z.object({
  /** Fencing: raised by the control plane when it gave this node up; an agent drops lists of an older epoch. */
  epoch: z.number().int().min(0),
  /** Grows with every change of this node's list; an older list after a newer one is dropped. */
  version: z.number().int().min(0),
  list: z.array(assignment).max(512),
})
export type Assignments = z.infer<typeof assignments>

/**
 * pending → pulling → starting → running → ready → stopping → exited, or failed from anywhere.
 * `running`: the process lives; `ready`: its health check passed, or it has none. `exited` and `failed` are final for a generation.
 */
export const replicaPhase = z.enum([
  'pending',
  'pulling',
  'starting',
  'running',
  'ready',
  'stopping',
  'exited',
  'failed',
])
export type ReplicaPhase = z.infer<typeof replicaPhase>

/** What a column of the database holds; a larger number is refused at the door. */
const int4 = z.number().int().min(-2_147_483_648).max(2_147_483_647)

export const replicaStatus = z.object({
  replicaId: z.string().max(40),
  generation: int4.min(1),
  /** Grows with every change of this replica on this node: an older status after a newer one is dropped. */
  seq: int4.min(0),
  phase: replicaPhase,
  atMs: z.number().int(),
  startedAtMs: z.number().int().nullable(),
  finishedAtMs: z.number().int().nullable(),
  exitCode: int4.nullable(),
  signal: z.string().max(20).nullable(),
  /** true: the kernel killed it for memory; null: could not be told. */
  oomKilled: z.boolean().nullable(),
  restarts: int4.min(0),
  /** Did the GPUs asked for really arrive? null: none asked for, or not yet checked. */
  gpuVerified: z.boolean().nullable(),
  endpoints: z
    .array(z.object({ containerPort: z.number().int(), hostPort: z.number().int(), address: z.string().max(200) }))
    .max(16),
  /** Machine-readable cause and a sentence for a person, for failed and unusual states. */
  reason: z.object({ code: z.string().max(60), message: z.string().max(600) }).nullable(),
})
export type ReplicaStatus = z.infer<typeof replicaStatus>

export const logLine = z.object({
  seq: z.number().int().min(0),
  atMs: z.number().int(),
  stream: z.enum(['stdout', 'stderr', 'agent']),
  text: z.string().max(8000),
})
export type LogLine = z.infer<typeof logLine>

/** Log lines of one replica, in order of `seq` (per replica, survives agent restarts). A gap in `seq` means lines were dropped. */
export const logBatch = z.object({
  replicaId: z.string().max(40),
  generation: z.number().int().min(1),
  lines: z.array(logLine).min(1).max(500),
  dropped: z.number().int().min(0),
})
export type LogBatch = z.infer<typeof logBatch>
