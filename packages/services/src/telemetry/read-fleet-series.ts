import { fillSeries, planSeries, type SeriesPlan } from '@clawbernetes/domain/telemetry/series-window'
import {
  FLEET_SERIES,
  type FleetSeries,
  type FleetSeriesMetric,
  fleetSeriesMetric,
  type Series,
  windowInput,
} from '@clawbernetes/protocol/views/series'
import * as z from 'zod'
import { type Ctx, requirePermission } from '../context'
import { parseInput } from '../parse-input'

const MINUTE_MS = 60_000

export const readFleetSeriesInput = z.object({
  window: windowInput,
  metrics: z
    .array(fleetSeriesMetric)
    .min(1)
    .max(FLEET_SERIES.length)
    .default([...FLEET_SERIES]),
})

type Row = { at: Date } & Record<string, number | null>
const COLUMNS: Record<FleetSeriesMetric, string> = {
  utilPct: 'util',
  memUsedMib: 'mem',
  powerW: 'power',
  maxTempC: 'temp',
  gpusReporting: 'gpus',
  nodesReporting: 'nodes',
  gpusAllocated: 'allocated',
}

/** The whole organisation over a window, from one stored row a minute. At most 1,000 aligned points; gaps are null. */
export async function readFleetSeries({
  ctx,
  input,
}: {
  ctx: Ctx
  input: z.input<typeof readFleetSeriesInput>
}): Promise<FleetSeries> {
  requirePermission(ctx, 'read')
  const { window, metrics } = parseInput(readFleetSeriesInput, input)
  const plan: SeriesPlan = { ...planSeries(window, ctx.now().getTime(), MINUTE_MS), source: 'minute' }
  // Utilisation is a mean over GPUs: a minute in which more reported weighs more.
  const rows = await ctx.db.$queryRaw<Row[]>`
    select date_bin(${`${plan.stepMs} milliseconds`}::interval, at, 'epoch'::timestamptz) as at,
      (sum(util_pct * gpus) / nullif(sum(gpus) filter (where util_pct is not null), 0))::float8 as util, max(util_pct)::float8 as util_peak,
      avg(mem_used_mib)::float8 as mem, max(mem_used_mib)::float8 as mem_peak,
      avg(power_w)::float8 as power, max(power_w)::float8 as power_peak,
      max(max_temp_c)::float8 as temp, max(max_temp_c)::float8 as temp_peak,
      avg(gpus)::float8 as gpus, max(gpus)::float8 as gpus_peak, avg(nodes)::float8 as nodes, max(nodes)::float8 as nodes_peak,
      avg(allocated)::float8 as allocated, max(allocated)::float8 as allocated_peak
    from telemetry.fleet_minute where org_id = ${ctx.actor.orgId} and at >= ${new Date(plan.fromMs)} and at < ${new Date(plan.toMs)} group by 1`
  const series = (metric: FleetSeriesMetric): Series => {
    const of = (column: string) =>
      fillSeries(
        plan,
        rows,
        (row) => row.at.getTime(),
        (row) => row[column] ?? null,
      )
    return { avg: of(COLUMNS[metric]), peak: of(`${COLUMNS[metric]}_peak`) }
  }
  const { fromMs, toMs, stepMs, source } = plan
  return {
    fromMs,
    toMs,
    stepMs,
    source,
    metrics: Object.fromEntries(metrics.map((metric) => [metric, series(metric)])),
  }
}
