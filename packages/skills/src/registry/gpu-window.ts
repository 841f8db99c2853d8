import type { GpuSeriesMetric } from '@clawbernetes/protocol/views/series'
import { readNodeSeries } from '@clawbernetes/services/telemetry/read-node-series'
import type { Ctx } from '@clawbernetes/services/context'

/** What one GPU did over the window, as means of what was reported; null: nothing was. */
export interface GpuWindow {
  utilPct: number | null
  tempC: number | null
  /** The least that was left to the slowdown temperature. */
  marginC: number | null
  powerW: number | null
  smClockMhz: number | null
  memUsedMib: number | null
  /** Share of the time with a throttle reason that means trouble. */
  throttledPct: number | null
}

export const WINDOW_MIN = 10
const METRICS: readonly GpuSeriesMetric[] = [
  'utilPct',
  'tempC',
  'tempMarginC',
  'powerW',
  'smClockMhz',
  'memUsedMib',
  'throttlePct',
]

/** The last minutes of each GPU of a node, by GPU id, so that one can be held against its neighbours over the same time. */
export async function readGpuWindow(ctx: Ctx, nodeId: string): Promise<Map<string, GpuWindow>> {
  const toMs = ctx.now().getTime()
  const series = await readNodeSeries({
    ctx,
    input: { nodeId, window: { fromMs: toMs - WINDOW_MIN * 60_000, toMs }, host: [], gpu: [...METRICS] },
  })
  const ids = new Set(METRICS.flatMap((metric) => (series.gpuMetrics[metric] ?? []).map((one) => one.gpuId)))
  return new Map(
    [...ids].map((id) => {
      const of = (metric: GpuSeriesMetric) => series.gpuMetrics[metric]?.find((one) => one.gpuId === id)
      const mean = (metric: GpuSeriesMetric) => round1(meanOf(of(metric)?.avg ?? []))
      return [
        id,
        {
          utilPct: mean('utilPct'),
          tempC: mean('tempC'),
          marginC: round1(least(of('tempMarginC')?.peak ?? [])),
          powerW: mean('powerW'),
          smClockMhz: mean('smClockMhz'),
          memUsedMib: mean('memUsedMib'),
          throttledPct: mean('throttlePct'),
        },
      ]
    }),
  )
}

/** Mean of what is known; null when nothing is. */
export function meanOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null)
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length
}

function least(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null)
  return known.length === 0 ? null : Math.min(...known)
}

const round1 = (value: number | null): number | null => (value === null ? null : Math.round(value * 10) / 10)
