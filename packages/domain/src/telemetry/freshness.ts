import type { Freshness } from '@clawbernetes/protocol/views/node'

/** What the gateway asks node agents for. */
export const SAMPLE_INTERVAL_MS = 5_000
/** Older values are the last ones known, not the current ones: shown dimmed, with their age, never as zero. */
export const STALE_AFTER_MS = 30_000

export function freshnessOf(atMs: number | null, nowMs: number): Freshness {
  if (atMs === null) return { atMs: null, ageMs: null, stale: true }
  const ageMs = Math.max(0, nowMs - atMs)
  return { atMs, ageMs, stale: ageMs > STALE_AFTER_MS }
}
