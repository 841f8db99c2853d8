import { THROTTLE_TROUBLE, type GpuSample } from '@clawbernetes/protocol/node/telemetry'
import type { GpuSeriesMetric } from '@clawbernetes/protocol/views/series'

/**
 * How a GPU's values stand in a row of small integers: one node and tick is one row, 8 numbers per slot, in this order.
 * A stored number is value / unit, rounded: it must stay within ±32,767, which the unit is chosen for.
 */
export const GPU_METRICS = [
  { name: 'utilPct', unit: 0.1 },
  { name: 'memUtilPct', unit: 0.1 },
  // 16 MiB: 512 GiB of memory on one GPU.
  { name: 'memUsedMib', unit: 16 },
  { name: 'tempC', unit: 0.1 },
  { name: 'tempMarginC', unit: 0.1 },
  { name: 'powerW', unit: 0.1 },
  { name: 'smClockMhz', unit: 1 },
  { name: 'throttleMask', unit: 1 },
] as const satisfies readonly { name: keyof GpuSample; unit: number }[]
export type GpuMetricName = (typeof GPU_METRICS)[number]['name']

export const METRICS_PER_GPU = GPU_METRICS.length
/** Places of metrics that SQL treats in their own way. */
export const MARGIN_PLACE = 4
export const THROTTLE_PLACE = 7
export { THROTTLE_TROUBLE }
/** In rollups the throttle's mean is the share of samples with a bit that means trouble, in these units. */
export const THROTTLE_SHARE_UNIT_PCT = 0.1
const INT2_MAX = 32_767

/** Postgres arrays count from 1. */
export const elementOf = (slot: number, place: number): number => slot * METRICS_PER_GPU + place + 1

/** Place and unit of a series in a rollup's mean or in raw rows; the share of throttled time stands where the mask stood. */
export function seriesPlace(metric: GpuSeriesMetric): { place: number; unit: number } {
  if (metric === 'throttlePct') return { place: THROTTLE_PLACE, unit: THROTTLE_SHARE_UNIT_PCT }
  const place = GPU_METRICS.findIndex((candidate) => candidate.name === metric)
  const found = GPU_METRICS[place]
  if (!found) throw new Error(`no such series: ${metric}`)
  return { place, unit: found.unit }
}

/** null stays null: not reported is neither zero nor healthy. Values beyond the range stand at its end. */
export function encode(value: number | null, unit: number): number | null {
  if (value === null || !Number.isFinite(value)) return null
  return Math.max(-INT2_MAX, Math.min(INT2_MAX, Math.round(value / unit)))
}

export function decode(stored: number | null | undefined, unit: number): number | null {
  // Rounded to the unit's own digits: 0.1 × 3 shall read 0.3.
  return stored === null || stored === undefined ? null : Math.round(stored * unit * 10) / 10
}

/** The GPUs of one tick as one row; slots that nobody reported are null. Samples of unknown GPUs are left out. */
export function encodeGpus(
  samples: readonly GpuSample[],
  slotOf: (uuid: string) => number | undefined,
): (number | null)[] {
  const row: (number | null)[] = []
  for (const sample of samples) {
    const slot = slotOf(sample.uuid)
    if (slot === undefined) continue
    const start = slot * METRICS_PER_GPU
    while (row.length < start + METRICS_PER_GPU) row.push(null)
    GPU_METRICS.forEach(({ name, unit }, place) => {
      row[start + place] = encode(sample[name], unit)
    })
  }
  return row
}

export type GpuValues = Record<GpuMetricName, number | null>

/** One GPU's values of a stored row. */
export function decodeGpu(row: readonly (number | null)[], slot: number): GpuValues {
  const values: Partial<GpuValues> = {}
  GPU_METRICS.forEach(({ name, unit }, place) => {
    values[name] = decode(row[slot * METRICS_PER_GPU + place], unit)
  })
  return values as GpuValues
}
