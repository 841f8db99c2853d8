import * as z from 'zod'

/** Metrics of one GPU that are stored over time, with their unit in the name. `throttlePct`: share of time throttled. */
export const GPU_SERIES = [
  'utilPct',
  'memUtilPct',
  'memUsedMib',
  'tempC',
  'tempMarginC',
  'powerW',
  'smClockMhz',
  'throttlePct',
] as const
export const gpuSeriesMetric = z.enum(GPU_SERIES)
export type GpuSeriesMetric = z.infer<typeof gpuSeriesMetric>

export const HOST_SERIES = ['cpuPct', 'memUsedMib', 'diskUsedMib', 'netRxBytesPerS', 'netTxBytesPerS', 'load1'] as const
export const hostSeriesMetric = z.enum(HOST_SERIES)
export type HostSeriesMetric = z.infer<typeof hostSeriesMetric>

export const FLEET_SERIES = [
  'utilPct',
  'memUsedMib',
  'powerW',
  'maxTempC',
  'gpusReporting',
  'nodesReporting',
  'gpusAllocated',
] as const
export const fleetSeriesMetric = z.enum(FLEET_SERIES)
export type FleetSeriesMetric = z.infer<typeof fleetSeriesMetric>

const value = z.number().nullable()
/**
 * A metric over a window: point i stands for [fromMs + i·stepMs, + stepMs), aligned by the server. null: nothing was
 * reported, a gap and never a zero. `peak`: the worst within the bucket (the lowest for a margin, else the highest).
 */
export const series = z.object({ avg: z.array(value), peak: z.array(value) })
export type Series = z.infer<typeof series>

export const seriesWindow = z.object({
  fromMs: z.number().int(),
  toMs: z.number().int(),
  stepMs: z.number().int(),
  /** Where the points come from. */
  source: z.enum(['raw', 'minute', 'hour']),
})

export const gpuSeries = seriesWindow.extend({
  gpuId: z.string(),
  metrics: z.partialRecord(gpuSeriesMetric, series),
})
export type GpuSeries = z.infer<typeof gpuSeries>

/** A node: its host metrics, and one GPU metric for each of its GPUs when asked for. */
export const nodeSeries = seriesWindow.extend({
  nodeId: z.string(),
  host: z.partialRecord(hostSeriesMetric, series),
  gpuMetrics: z.partialRecord(
    gpuSeriesMetric,
    z.array(z.object({ gpuId: z.string(), index: z.number().int(), avg: z.array(value), peak: z.array(value) })),
  ),
})
export type NodeSeries = z.infer<typeof nodeSeries>

export const fleetSeries = seriesWindow.extend({ metrics: z.partialRecord(fleetSeriesMetric, series) })
export type FleetSeries = z.infer<typeof fleetSeries>

/** Window of a query: required, at most 1,000 points come back. */
export const windowInput = z
  .object({
    fromMs: z.number().int().min(0),
    toMs: z.number().int().min(0),
    maxPoints: z.number().int().min(2).max(1000).optional(),
  })
  .refine((w) => w.toMs > w.fromMs, 'The window ends before it begins.')
  .refine((w) => w.toMs - w.fromMs <= 400 * 86_400_000, 'A window may span at most 400 days.')
export type WindowInput = z.infer<typeof windowInput>
