import type { ReplicaPhase, ReplicaSpec } from '@clawbernetes/protocol/node/replica'
import type { RuntimeInfo } from '@clawbernetes/protocol/node/inventory'

/** The identity that a runtime puts on what it starts (container label, process journal), so that it is found again after any restart. */
export interface ReplicaKey {
  replicaId: string
  generation: number
  workloadName: string
}

export interface Observed {
  key: ReplicaKey
  phase: ReplicaPhase
  startedAtMs: number | null
  finishedAtMs: number | null
  exitCode: number | null
  signal: string | null
  oomKilled: boolean | null
  gpuVerified: boolean | null
  endpoints: { containerPort: number; hostPort: number; address: string }[]
  reason: { code: string; message: string } | null
}

export interface RuntimeLine {
  /**
   * Unix milliseconds with a fraction down to the microsecond, strictly growing per replica: it is also the cursor.
   * Keep it exact for resuming; round down only for people and the wire.
   */
  atMs: number
  stream: 'stdout' | 'stderr' | 'agent'
  text: string
}

/**
 * Starts and stops replicas of one kind on this machine. Every method is idempotent by `replicaId` + `generation`:
 * a start of what already runs adopts it, a stop of what is gone succeeds. Nothing here restarts by itself; the
 * assignments loop decides (restart policy, back-off).
 *
 * Ends: `exited` is exit code 0 or an end after `stop`; every other end is `failed` (a signal shows as exit code 128+n
 * with `signal`; `exitCode` null means it could not be told). A start of what already ENDED in this generation does not
 * run it a second time: it reports that end again. To run it again: `remove`, then `start`.
 */
export interface Runtime {
  readonly kind: ReplicaSpec['runtime']
  describe(): Promise<RuntimeInfo>
  /** What of ours exists here, running or ended, including what an earlier agent process started. */
  list(): Promise<Observed[]>
  /** Resolves when the start was accepted; progress comes through `onChange`. Throws RuntimeError for a spec it cannot run. */
  start(key: ReplicaKey, spec: ReplicaSpec, onChange: (o: Observed) => void): Promise<void>
  /** Signal, wait `graceMs`, kill the whole group or container; resolves when it has ended. */
  stop(key: ReplicaKey, stop: ReplicaSpec['stop']): Promise<void>
  /** Forgets an ended replica (container, record, kept log), after open `logs` followers have had the rest of its output. */
  remove(key: ReplicaKey): Promise<void>
  /** Sends a signal (checkpoint now) to a running replica's main process. */
  signal(key: ReplicaKey, signal: 'SIGUSR1' | 'SIGUSR2'): Promise<void>
  /**
   * Follows output from `sinceMs` on (null: from the beginning), in the order and with the times that a later call gives
   * again: the agent resumes by time. `onEnd` is called once when the replica has ended and every line was delivered.
   * Returns how to stop.
   */
  logs(key: ReplicaKey, sinceMs: number | null, onLine: (line: RuntimeLine) => void, onEnd?: () => void): () => void
}

/** Something asked of a runtime that cannot succeed; `code` is stable, `message` is for a person. */
export class RuntimeError extends Error {
  constructor(
    readonly code:
      | 'image-missing'
      | 'mount-missing'
      | 'mount-outside-data-roots'
      | 'gpu-missing'
      | 'gpu-not-passed'
      | 'command-missing'
      | 'engine-unavailable'
      | 'invalid-spec'
      | 'start-failed'
      | 'not-running'
      | 'still-running',
    message: string,
  ) {
    super(message)
  }
}
