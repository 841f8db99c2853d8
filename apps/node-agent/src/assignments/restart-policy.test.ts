import { describe, expect, it } from 'vitest'
import type { Observed } from '../runtime/runtime'
import { afterEnd, nextStreak } from './restart-policy'

const ended = (patch: Partial<Observed> = {}): Observed => ({
  key: { replicaId: 'rep_a', generation: 1, workloadName: 'w' },
  phase: 'failed',
  startedAtMs: 0,
  finishedAtMs: 1_000,
  exitCode: 1,
  signal: null,
  oomKilled: null,
  gpuVerified: null,
  endpoints: [],
  reason: null,
  ...patch,
})
const onFailure = { policy: 'on-failure' as const, maxRestarts: 3, backoffMs: 1_000 }

describe('after an end', () => {
  it('doubles the wait with every short life, up to five minutes', () => {
    const wait = (streak: number) => {
      const after = afterEnd({ ...onFailure, maxRestarts: 100 }, ended(), 0, streak)
      return after.kind === 'restart' ? after.delayMs : null
    }
    expect([0, 1, 2, 5, 12].map(wait)).toEqual([1_000, 2_000, 4_000, 32_000, 300_000])
  })
  it('begins the wait anew after a steady life', () => {
    expect(nextStreak(7, ended({ finishedAtMs: 11 * 60_000 }))).toBe(0)
    expect(nextStreak(7, ended())).toBe(8)
    expect(nextStreak(7, ended({ startedAtMs: null }))).toBe(8)
  })
  it('tells an OOM kill as one', () => {
    const after = afterEnd({ ...onFailure, policy: 'never' }, ended({ exitCode: 137, oomKilled: true }), 0, 0)
    expect(after).toMatchObject({ kind: 'final', phase: 'failed', reason: { code: 'out-of-memory' } })
  })
  it('does not count a restart of the machine', () => {
    const reason = { code: 'machine-restarted', message: 'The machine restarted while it ran.' }
    expect(afterEnd(onFailure, ended({ exitCode: null, reason }), 3, 0)).toMatchObject({
      kind: 'restart',
      counted: false,
      delayMs: 0,
    })
    expect(afterEnd({ ...onFailure, policy: 'never' }, ended({ exitCode: null, reason }), 0, 0)).toMatchObject({
      kind: 'final',
      phase: 'failed',
      reason,
    })
  })
  it('ends a clean exit cleanly', () => {
    expect(afterEnd(onFailure, ended({ phase: 'exited', exitCode: 0 }), 0, 0)).toEqual({
      kind: 'final',
      phase: 'exited',
      reason: null,
    })
  })
})
