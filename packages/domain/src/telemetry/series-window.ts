import { RETENTION } from './retention'

const SECOND_MS = 1_000
const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000

/** Widths that a bucket may have: each divides a day, so that buckets of all queries fall on the same places. */
const STEPS = [
  10, 15, 20, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800,
]
export const MAX_POINTS = 1_000
/** Raw rows answer windows up to this long; longer ones read rollups. */
const RAW_WINDOW_MS = 2 * HOUR_MS

export interface SeriesPlan {
  source: 'raw' | 'minute' | 'hour'
  fromMs: number
  toMs: number
  stepMs: number
  points: number
}

/**
 * Where a window's points come from and where they stand: aligned to the step, at most `maxPoints`. The finest source that
 * is still kept and that is not finer than needed.
 * @param intervalMs time between samples: a bucket narrower than that would show gaps that are none
 */
export function planSeries(
  window: { fromMs: number; toMs: number; maxPoints?: number },
  nowMs: number,
  intervalMs: number,
): SeriesPlan {
  const span = window.toMs - window.fromMs
  const ageMs = nowMs - window.fromMs
  const maxPoints = Math.min(MAX_POINTS, window.maxPoints ?? MAX_POINTS)
  // One bucket more may be needed at an unaligned edge.
  const wanted = span / Math.max(1, maxPoints - 1)
  const source =
    span <= RAW_WINDOW_MS && ageMs <= RETENTION.rawMs - DAY_MS
      ? 'raw'
      : ageMs <= RETENTION.minuteMs && wanted < HOUR_MS
        ? 'minute'
        : 'hour'
  const floorMs = source === 'raw' ? Math.max(intervalMs, 10 * SECOND_MS) : source === 'minute' ? MINUTE_MS : HOUR_MS
  const stepS = STEPS.find((s) => s * SECOND_MS >= wanted && s * SECOND_MS >= floorMs) ?? 604_800
  const stepMs = stepS * SECOND_MS
  const fromMs = Math.floor(window.fromMs / stepMs) * stepMs
  const toMs = Math.max(fromMs + stepMs, Math.ceil(window.toMs / stepMs) * stepMs)
  return { source, fromMs, toMs, stepMs, points: (toMs - fromMs) / stepMs }
}

/** Values at their places; what nobody reported is null, a gap. */
export function fillSeries<T>(
  plan: SeriesPlan,
  rows: readonly T[],
  atMs: (row: T) => number,
  value: (row: T) => number | null,
): (number | null)[] {
  const out: (number | null)[] = Array.from({ length: plan.points }, () => null)
  for (const row of rows) {
    const i = Math.floor((atMs(row) - plan.fromMs) / plan.stepMs)
    if (i >= 0 && i < out.length) out[i] = value(row)
  }
  return out
}
