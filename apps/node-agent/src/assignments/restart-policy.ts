import type { ReplicaSpec } from '@clawbernetes/protocol/node/replica'
import type { Observed } from '../runtime/runtime'

const BACKOFF_CAP_MS = 5 * 60_000
/** An attempt that lived this long starts the back-off anew. */
const STEADY_MS = 10 * 60_000

export type AfterEnd =
  | { kind: 'final'; phase: 'exited' | 'failed'; reason: { code: string; message: string } | null }
  | { kind: 'restart'; delayMs: number; counted: boolean; reason: { code: string; message: string } }

/**
 * What happens after an attempt has ended by itself.
 * @param restarts counted restarts of this generation so far
 * @param streak attempts in a row that did not live long, for the back-off
 */
export function afterEnd(policy: ReplicaSpec['restart'], ended: Observed, restarts: number, streak: number): AfterEnd {
  const clean = ended.phase === 'exited' && ended.exitCode === 0
  const what = describeEnd(ended)
  // The machine went down under it: no fault of the workload, so it does not use up a restart.
  if (ended.reason?.code === 'machine-restarted' && policy.policy !== 'never')
    return {
      kind: 'restart',
      delayMs: 0,
      counted: false,
      reason: { code: 'machine-restarted', message: 'The machine restarted; the replica starts again.' },
    }
  const again = policy.policy === 'always' || (policy.policy === 'on-failure' && !clean)
  if (!again)
    return {
      kind: 'final',
      phase: clean ? 'exited' : 'failed',
      reason: clean ? null : (ended.reason ?? { code: ended.oomKilled ? 'out-of-memory' : 'exited', message: what }),
    }
  if (restarts >= policy.maxRestarts) {
    const message =
      policy.maxRestarts === 0
        ? what
        : `${what} It was restarted ${restarts} ${restarts === 1 ? 'time' : 'times'}, the most it may be.`
    return {
      kind: 'final',
      phase: clean ? 'exited' : 'failed',
      reason: clean ? null : { code: 'restarts-exhausted', message },
    }
  }
  const delayMs = Math.min(BACKOFF_CAP_MS, policy.backoffMs * 2 ** Math.min(streak, 16))
  return {
    kind: 'restart',
    delayMs,
    counted: true,
    reason: {
      code: 'restarting',
      message: `${what} Restart ${restarts + 1} of at most ${policy.maxRestarts} in ${Math.round(delayMs / 100) / 10} s.`,
    },
  }
}

/** Attempts in a row without a steady one, after this end. */
export function nextStreak(streak: number, ended: Observed): number {
  const lived = ended.startedAtMs !== null && ended.finishedAtMs !== null ? ended.finishedAtMs - ended.startedAtMs : 0
  return lived >= STEADY_MS ? 0 : streak + 1
}

export function describeEnd(ended: Observed): string {
  if (ended.reason) return ended.reason.message
  if (ended.oomKilled) return 'The kernel killed it because its memory limit was reached.'
  if (ended.signal) return `It was ended by ${ended.signal}.`
  if (ended.exitCode === null) return 'It ended; its exit code is not known.'
  return `It exited with code ${ended.exitCode}.`
}
