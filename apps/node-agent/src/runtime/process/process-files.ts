import path from 'node:path'
import { replicaSpec } from '@clawbernetes/protocol/node/replica'
import * as z from 'zod'

/**
 * What one process replica keeps on disk, so that agent and supervisor may die and find their way again:
 * order.json (agent: what to run) → claim-n.json (the supervisor in charge) → child.json (what was started)
 * → stop.json (agent: a stop was asked for) → exit.json (how it ended); log/ its output; work/ its scratch folder.
 */
export const processFiles = (dir: string) => ({
  dir,
  order: path.join(dir, 'order.json'),
  claim: (attempt: number) => path.join(dir, `claim-${attempt}.json`),
  child: path.join(dir, 'child.json'),
  stop: path.join(dir, 'stop.json'),
  exit: path.join(dir, 'exit.json'),
  log: path.join(dir, 'log'),
  work: path.join(dir, 'work'),
  stdout: path.join(dir, 'stdout.fifo'),
  stderr: path.join(dir, 'stderr.fifo'),
  supervisorLog: path.join(dir, 'supervisor.log'),
})
export type ProcessFiles = ReturnType<typeof processFiles>

/** A process that cannot be mistaken: its pid, when it started (in ticks after boot), and which boot that was. */
export const processIdentity = z.object({
  pid: z.number().int().min(1),
  startTicks: z.string(),
  bootId: z.string(),
})
export type ProcessIdentity = z.infer<typeof processIdentity>

export const processOrder = z.object({
  version: z.literal(1),
  owner: z.string(),
  key: z.object({ replicaId: z.string(), generation: z.number().int(), workloadName: z.string() }),
  spec: replicaSpec,
  /** The absolute file that command[0] was found at. */
  file: z.string(),
  env: z.record(z.string(), z.string()),
  bootId: z.string(),
})
export type ProcessOrder = z.infer<typeof processOrder>

export const processChild = z.object({
  identity: processIdentity,
  startedAtMs: z.number(),
  /** Folders of the cgroups that hold it; empty where cgroups cannot be used. */
  cgroups: z.array(z.string()),
  /** The counter of memory kills when it started: a cgroup may be older than the process. */
  oomKillsBefore: z.number().int(),
  /** Limits asked for that nothing enforces here. */
  unenforced: z.array(z.string()),
})
export type ProcessChild = z.infer<typeof processChild>

export const processExit = z.object({
  exitCode: z.number().int().nullable(),
  oomKilled: z.boolean().nullable(),
  startedAtMs: z.number().nullable(),
  finishedAtMs: z.number(),
  /** Set where it never ran, or nobody saw how it ended. */
  reason: z.object({ code: z.string(), message: z.string() }).nullable(),
})
export type ProcessExit = z.infer<typeof processExit>
