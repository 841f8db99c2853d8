import type { Observed } from '../runtime/runtime'
import type { ReplicaLedger } from './replica-ledger'
import { observedFacts, type StatusPatch } from './replica-status'
import { afterEnd, nextStreak } from './restart-policy'

/** An attempt ended by itself: the end of the replica, or a wait for the next one, as its restart policy says. */
export async function endAttempt(ledger: ReplicaLedger, seen: Observed, wanted: boolean, nowMs: number): Promise<void> {
  const { record } = ledger
  const { spec, status, streak } = record
  record.handledEndMs = seen.finishedAtMs
  const facts = { ...observedFacts(seen), finishedAtMs: seen.finishedAtMs ?? nowMs }
  const after = afterEnd(spec.restart, seen, record.restarts, streak)
  if (after.kind === 'final' || !wanted) {
    const end: StatusPatch =
      after.kind === 'final' ? { phase: after.phase, reason: after.reason } : { phase: seen.phase, reason: seen.reason }
    await ledger.finish('end', { ...facts, ...end })
    return
  }
  record.streak = nextStreak(streak, seen)
  record.retryAtMs = nowMs + after.delayMs
  if (after.counted) record.restarts += 1
  await ledger.move('retry', {
    ...facts,
    phase: 'pending',
    reason: after.reason,
    restarts: status.restarts + (after.counted ? 1 : 0),
  })
}
