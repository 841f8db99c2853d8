import { SAMPLE_INTERVAL_MS } from '@clawbernetes/domain/telemetry/freshness'
import { planSeries } from '@clawbernetes/domain/telemetry/series-window'
import { GPU_SERIES, type GpuSeries, gpuSeriesMetric, windowInput } from '@clawbernetes/protocol/views/series'
import * as z from 'zod'
import { type Ctx, requirePermission } from '../context'
import { notFound } from '../errors'
import { parseInput } from '../parse-input'
import { readBuckets } from './read-buckets'
import { gpuColumn } from './series-columns'

export const readGpuSeriesInput = z.object({
  gpuId: z.string().max(60),
  window: windowInput,
  metrics: z
    .array(gpuSeriesMetric)
    .min(1)
    .max(GPU_SERIES.length)
    .default([...GPU_SERIES]),
})

/** One GPU over a window, at most 1,000 aligned points; gaps are null. */
export async function readGpuSeries({
  ctx,
  input,
}: {
  ctx: Ctx
  input: z.input<typeof readGpuSeriesInput>
}): Promise<GpuSeries> {
  requirePermission(ctx, 'read')
  const { gpuId, window, metrics } = parseInput(readGpuSeriesInput, input)
  const [gpu] = await ctx.db.$queryRaw<{ num: number; slot: number; since: Date }[]>`
    select s.node as num, s.slot, s.since from gpu g join telemetry.gpu_slot s on s.gpu_id = g.id
    where g.id = ${gpuId} and g.org_id = ${ctx.actor.orgId}`
  if (!gpu) throw notFound('GPU')
  const plan = planSeries(window, ctx.now().getTime(), SAMPLE_INTERVAL_MS)
  const series = await readBuckets(
    ctx.db,
    gpu.num,
    plan,
    metrics.map((metric) => gpuColumn(metric, gpu.slot, gpu.since)),
  )
  const { fromMs, toMs, stepMs, source } = plan
  return {
    gpuId,
    fromMs,
    toMs,
    stepMs,
    source,
    metrics: Object.fromEntries(metrics.map((metric, i) => [metric, series[i]])),
  }
}
