/** A line of a chart: `values[i]` stands for [fromMs + i·stepMs, + stepMs); null is a gap, never zero. */
export type ChartSeries = {
  key: string
  name: string
  values: readonly (number | null)[]
  /** Same entity, same colour on every chart: its slot, not its place in this list. */
  slot: number
  /** The worst within each bucket, where a mean would hide it. */
  peaks?: readonly (number | null)[]
}

export type ChartWindow = { fromMs: number; toMs: number; stepMs: number }
export type ChartRow = { atMs: number; values: readonly (number | null)[] }
export type Gap = { fromMs: number; toMs: number }

/** More points than this cost time and show nothing more. */
export const MAX_POINTS = 180
/** More lines than this are a band. */
export const MAX_LINES = 8

/** Rows on the server's grid. A series that is too short has gaps at its end. */
export function chartRows(series: readonly ChartSeries[], window: ChartWindow): ChartRow[] {
  const count = Math.max(0, Math.ceil((window.toMs - window.fromMs) / window.stepMs))
  return Array.from({ length: count }, (_, index) => ({
    atMs: window.fromMs + index * window.stepMs,
    values: series.map((line) => line.values[index] ?? null),
  }))
}

/** Merges neighbouring buckets until at most `max` points are left; a merged bucket keeps the value furthest from its mean. */
export function thinSeries(
  series: readonly ChartSeries[],
  window: ChartWindow,
  max = MAX_POINTS,
): { series: ChartSeries[]; window: ChartWindow } {
  const longest = Math.max(0, ...series.map((line) => line.values.length))
  const factor = Math.ceil(longest / max)
  if (factor <= 1) return { series: [...series], window }
  const merge = (values: readonly (number | null)[]) =>
    Array.from({ length: Math.ceil(values.length / factor) }, (_, index) =>
      mostTelling(values.slice(index * factor, (index + 1) * factor)),
    )
  return {
    series: series.map((line) => ({ ...line, values: merge(line.values), peaks: line.peaks && merge(line.peaks) })),
    window: { ...window, stepMs: window.stepMs * factor },
  }
}

function mostTelling(values: readonly (number | null)[]): number | null {
  const known = values.filter((value): value is number => value !== null)
  if (known.length === 0) return null
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length
  return known.reduce((kept, value) => (Math.abs(value - mean) > Math.abs(kept - mean) ? value : kept))
}

/** Stretches of two or more buckets in which no series has a value. */
export function findGaps(rows: readonly ChartRow[], stepMs: number): Gap[] {
  const gaps: Gap[] = []
  let start: number | null = null
  const close = (endMs: number) => {
    if (start !== null && endMs - start >= 2 * stepMs) gaps.push({ fromMs: start, toMs: endMs })
    start = null
  }
  for (const row of rows) {
    if (row.values.every((value) => value === null)) start ??= row.atMs
    else close(row.atMs)
  }
  const last = rows.at(-1)
  if (last) close(last.atMs + stepMs)
  return gaps
}

/** Lowest, middle and highest of all series, for nodes with more GPUs than lines can be told apart. */
export function toBand(series: readonly ChartSeries[]): ChartSeries[] {
  const length = Math.max(0, ...series.map((line) => line.values.length))
  const at = (index: number) =>
    series
      .map((line) => line.values[index] ?? null)
      .filter((value): value is number => value !== null)
      .sort((a, b) => a - b)
  const line = (key: string, name: string, slot: number, pick: (sorted: number[]) => number | undefined) => ({
    key,
    name,
    slot,
    values: Array.from({ length }, (_, index) => pick(at(index)) ?? null),
  })
  return [
    line('max', 'highest', 2, (sorted) => sorted.at(-1)),
    line('median', 'median', 0, (sorted) => sorted[Math.floor((sorted.length - 1) / 2)]),
    line('min', 'lowest', 5, (sorted) => sorted[0]),
  ]
}

export function lastKnown(values: readonly (number | null)[]): number | null {
  return values.findLast((value) => value !== null) ?? null
}

export type Threshold = { value: number; label: string; tone: 'warn' | 'crit' }

/**
 * Fixed where a scale is natural (percent, a temperature up to its limit), else from zero to above the highest value and
 * threshold, rounded up so that a live chart does not breathe.
 */
export function valueDomain(
  series: readonly ChartSeries[],
  thresholds: readonly Threshold[],
  fixed: { min?: number; max?: number } = {},
): [number, number] {
  const known = series.flatMap((line) => line.values).filter((value): value is number => value !== null)
  const limits = thresholds.map((threshold) => threshold.value)
  const highest = Math.max(...known, ...limits, fixed.max ?? -Infinity)
  const lowest = Math.min(...known, ...limits)
  const min = fixed.min ?? Math.min(0, Number.isFinite(lowest) ? lowest : 0)
  if (fixed.max !== undefined && (known.length === 0 || highest <= fixed.max)) return [min, fixed.max]
  if (!Number.isFinite(highest)) return [min, min + 1]
  return [min < 0 ? -niceCeil(-min) : min, Math.max(niceCeil(highest), min + Number.EPSILON)]
}

/** The next of 1, 1.5, 2, 2.5, 3, 4, 5, 6, 8 times a power of ten. */
export function niceCeil(value: number): number {
  if (value <= 0) return value === 0 ? 1 : -niceCeil(-value)
  const power = 10 ** Math.floor(Math.log10(value))
  const step = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find((candidate) => candidate * power >= value * 0.9999)
  return (step ?? 10) * power
}

/** Three to six round marks within a range. */
export function valueTicks([min, max]: readonly [number, number]): number[] {
  const span = max - min
  const power = 10 ** Math.floor(Math.log10(span / 4))
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((size) => span / size <= 5) ?? power * 10
  const first = Math.ceil(min / step - 1e-9)
  const count = Math.floor(max / step + 1e-9) - first + 1
  // Multiplied, not added up: 0.1 + 0.2 would print as 0.30000000000000004.
  return Array.from({ length: Math.max(0, count) }, (_, index) => Number(((first + index) * step).toPrecision(12)))
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const TIME_STEPS = [
  5000,
  15_000,
  30_000,
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  2 * DAY,
  7 * DAY,
  14 * DAY,
  30 * DAY,
  90 * DAY,
]

/** Full minutes, hours or days of the reader's zone. @param zoneOffsetMs what to add to UTC */
export function timeTicks(window: Pick<ChartWindow, 'fromMs' | 'toMs'>, max: number, zoneOffsetMs: number): number[] {
  const span = window.toMs - window.fromMs
  const step = TIME_STEPS.find((candidate) => span / candidate <= max) ?? TIME_STEPS[TIME_STEPS.length - 1] ?? DAY
  const first = Math.ceil((window.fromMs + zoneOffsetMs) / step) * step - zoneOffsetMs
  const ticks: number[] = []
  for (let at = first; at <= window.toMs; at += step) ticks.push(at)
  return ticks
}
