import type { ReplicaPhase } from '@clawbernetes/protocol/node/replica'
import type { WorkloadStatusName } from '@clawbernetes/protocol/views/workload'

/** What is known of one replica. `assigned`: its node has not spoken of it yet; `lost`: its node was given up. */
export interface ReplicaFacts {
  ordinal: number
  /** Gang attempt: replicas of an older attempt no longer count. */
  attempt: number
  phase: ReplicaPhase | 'assigned' | 'lost'
  exitCode: number | null
  oomKilled: boolean | null
  reason: string | null
}

export interface StatusInput {
  desired: 'run' | 'stop'
  kind: 'training' | 'service' | 'batch' | 'job'
  replicasWanted: number
  replicas: readonly ReplicaFacts[]
  /** A plan moves or restarts it: while it is between two places it is starting, whatever its old replicas came to. */
  moving?: boolean
}

export interface StatusVerdict {
  status: WorkloadStatusName
  /** In plain words, where the status alone does not say it. */
  reason: string | null
}

/**
 * The status of a workload follows from what is wanted and from its replicas, and from nothing else.
 *
 *   pending ──replicas placed──▶ placed ──a node works on one──▶ starting ──all wanted run──▶ running
 *                                                                    ▲  service: some ready │ ▲
 *                                                                    └───────── degraded ◀──┘ │
 *   any of these ──stop wanted──▶ stopping ──every replica ended──▶ stopped
 *   training, job: one replica failed ──▶ failed · all wanted ended with 0 ──▶ succeeded
 *   batch: all ended ──▶ succeeded, or failed when one failed · service: all ended ──▶ failed
 *   moving: nothing of it runs, or its new start failed ──▶ starting, until the plan says where it belongs
 */
export function workloadStatus(input: StatusInput): StatusVerdict {
  const verdict = settledStatus(input)
  const between = verdict.status === 'failed' || verdict.status === 'pending'
  return input.moving && input.desired === 'run' && between
    ? { status: 'starting', reason: verdict.reason ?? 'It is on its way to another place.' }
    : verdict
}

function settledStatus({ desired, kind, replicasWanted, replicas }: StatusInput): StatusVerdict {
  const attempt = Math.max(0, ...replicas.map((replica) => replica.attempt))
  const current = replicas.filter((replica) => replica.attempt === attempt)
  if (desired === 'stop') {
    const alive = replicas.filter((replica) => !hasEnded(replica)).length
    return alive === 0 ? { status: 'stopped', reason: null } : { status: 'stopping', reason: null }
  }
  if (current.length === 0) return { status: 'pending', reason: null }
  return kind === 'service' ? serviceStatus(current, replicasWanted) : finiteStatus(kind, current, replicasWanted)
}

/** A replica as the choice of the current one needs it. */
export interface ReplicaRow extends ReplicaFacts {
  desired: string
  open: boolean
  createdAtMs: number
}

/**
 * The one replica of each place that speaks for the workload: what is wanted and open before what is being ended, then the newest.
 * Of a workload that is moving, what is being ended counts no more; of one that is to stop, everything open counts.
 */
export function currentReplicas<R extends ReplicaRow>(
  rows: readonly R[],
  workload: { desired: string; moving: boolean },
): R[] {
  const chosen = new Map<number, R>()
  for (const row of rows) {
    if (workload.moving && workload.desired === 'run' && (row.desired === 'stop' || !row.open)) continue
    const other = chosen.get(row.ordinal)
    if (!other || speaksBefore(row, other, workload.desired)) chosen.set(row.ordinal, row)
  }
  return [...chosen.values()].sort((a, b) => a.ordinal - b.ordinal)
}

function speaksBefore(a: ReplicaRow, b: ReplicaRow, desired: string): boolean {
  const wanted = (r: ReplicaRow) => (r.open && (desired === 'stop' || r.desired === 'run') ? 1 : 0)
  return (wanted(a) - wanted(b) || a.attempt - b.attempt || a.createdAtMs - b.createdAtMs) > 0
}

/** Phases after which nothing of a replica runs any more; it may stay open while others of its workload go on. */
export const ENDED_PHASES = ['exited', 'failed', 'lost'] as const
export const hasEnded = (replica: { phase: string }): boolean =>
  (ENDED_PHASES as readonly string[]).includes(replica.phase)

const hasFailed = (replica: ReplicaFacts): boolean =>
  hasEnded(replica) && !(replica.phase === 'exited' && replica.exitCode === 0)
const isUp = (replica: ReplicaFacts): boolean => replica.phase === 'running' || replica.phase === 'ready'

function finiteStatus(kind: StatusInput['kind'], replicas: readonly ReplicaFacts[], wanted: number): StatusVerdict {
  const failed = replicas.find(hasFailed)
  const ended = replicas.filter(hasEnded).length
  if (failed && (kind !== 'batch' || ended >= wanted)) return { status: 'failed', reason: failureOf(failed, wanted) }
  if (ended >= wanted) return { status: 'succeeded', reason: null }
  const up = replicas.filter((replica) => isUp(replica) || hasEnded(replica)).length
  return up >= wanted ? { status: 'running', reason: null } : onTheWay(replicas, wanted)
}

function serviceStatus(replicas: readonly ReplicaFacts[], wanted: number): StatusVerdict {
  const ready = replicas.filter((replica) => replica.phase === 'ready').length
  if (ready >= wanted) return { status: 'running', reason: null }
  const failed = replicas.find(hasEnded)
  if (ready > 0)
    return {
      status: 'degraded',
      reason: `${ready} of ${wanted} replicas ready${failed ? `; ${failureOf(failed, wanted)}` : '.'}`,
    }
  if (failed && replicas.every(hasEnded)) return { status: 'failed', reason: failureOf(failed, wanted) }
  return onTheWay(replicas, wanted)
}

function onTheWay(replicas: readonly ReplicaFacts[], wanted: number): StatusVerdict {
  if (replicas.every((replica) => replica.phase === 'assigned' || replica.phase === 'pending'))
    return { status: 'placed', reason: null }
  const up = replicas.filter(isUp).length
  const waitsFor = replicas.find((replica) => !isUp(replica) && !hasEnded(replica) && replica.reason)
  return { status: 'starting', reason: waitsFor?.reason ?? (wanted > 1 ? `${up} of ${wanted} replicas up.` : null) }
}

function failureOf(replica: ReplicaFacts, wanted: number): string {
  const who = wanted > 1 ? `Replica ${replica.ordinal}` : 'It'
  if (replica.phase === 'lost') return `${who} was on a node that was given up.`
  if (replica.oomKilled) return `${who} was killed for memory (OOM).`
  if (replica.reason) return replica.reason
  return replica.exitCode === null
    ? `${who} ended without an exit code.`
    : `${who} ended with exit code ${replica.exitCode}.`
}
