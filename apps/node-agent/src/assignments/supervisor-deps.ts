import type { ReplicaSpec, ReplicaStatus } from '@clawbernetes/protocol/node/replica'
import type { AgentLog } from '../agent-log'
import type { Clock } from '../clock'
import type { ReplicaKey, Runtime } from '../runtime/runtime'
import type { DataRoots } from './mount-check'
import type { ReplicaJournal } from './replica-journal'

/** What a replica's supervisor needs of the rest of the agent. */
export interface SupervisorDeps {
  runtime(kind: ReplicaSpec['runtime']): Runtime | null
  journal: ReplicaJournal
  where: DataRoots
  clock: Clock
  log: AgentLog
  signal: AbortSignal
  /** A new status, already on disk. */
  publish(status: ReplicaStatus): void
  /** Follows the replica's output; `fresh`: an attempt that begins now, none of whose lines was read before. */
  followLogs(key: ReplicaKey, runtime: Runtime, fresh: boolean): void
  /** Resolves when the output of an ended attempt was read to its end and shipped, or after a while. */
  logsRead(replicaId: string): Promise<void>
  /** Another replica on this node that still holds one of these GPUs; null when all are free. */
  gpuHolder(replicaId: string, gpuUuids: string[]): string | null
  /** This replica no longer holds its GPUs, or is forgotten. */
  released(replicaId: string): void
}
