import { SAMPLE_INTERVAL_MS } from '@clawbernetes/domain/telemetry/freshness'
import { planSeries } from '@clawbernetes/domain/telemetry/series-window'
import {
  gpuSeriesMetric,
  HOST_SERIES,
  hostSeriesMetric,
  type NodeSeries,
  windowInput,
} from '@clawbernetes/protocol/views/series'
import * as z from 'zod'
import { type Ctx, requirePermission } from '../context'
import { notFound } from '../errors'
import { parseInput } from '../parse-input'
import { readBuckets } from './read-buckets'
import { gpuColumn, hostColumn } from './series-columns'

export const readNodeSeriesInput = z.object({
  nodeId: z.string().max(60),
  window: windowInput,
  host: z
    .array(hostSeriesMetric)
    .max(HOST_SERIES.length)
    .default([...HOST_SERIES]),
  /** Each comes once per GPU of the node. */
  gpu: z.array(gpuSeriesMetric).max(8).default([]),
})

/** A node over a window: its host, and its GPUs side by side. At most 1,000 aligned points; gaps are null. */
export async function readNodeSeries({
  ctx,
  input,
}: {
  ctx: Ctx
  input: z.input<typeof readNodeSeriesInput>
}): Promise<NodeSeries> {
  requirePermission(ctx, 'read')
  const { nodeId, window, host, gpu } = parseInput(readNodeSeriesInput, input)
  const node = await ctx.db.node.findFirst({
    where: { id: nodeId, orgId: ctx.actor.orgId, removedAt: null },
    select: { num: true },
  })
  if (!node) throw notFound('node')
  const gpus = await ctx.db.$queryRaw<{ gpuId: string; index: number; slot: number; since: Date }[]>`
    select g.id as "gpuId", g.index, s.slot, s.since from gpu g join telemetry.gpu_slot s on s.gpu_id = g.id
    where g.node_id = ${nodeId} order by g.index`
  const plan = planSeries(window, ctx.now().getTime(), SAMPLE_INTERVAL_MS)
  const asked = gpu.flatMap((metric) => gpus.map((one) => ({ metric, ...one })))
  const series = await readBuckets(ctx.db, node.num, plan, [
    ...host.map(hostColumn),
    ...asked.map(({ metric, slot, since }) => gpuColumn(metric, slot, since)),
  ])
  const ofGpus = asked.map(({ metric, gpuId, index }, i) => ({
    metric,
    value: { gpuId, index, ...(series[host.length + i] ?? { avg: [], peak: [] }) },
  }))
  const { fromMs, toMs, stepMs, source } = plan
  return {
    nodeId,
    fromMs,
    toMs,
    stepMs,
    source,
    host: Object.fromEntries(host.map((metric, i) => [metric, series[i]])),
    gpuMetrics: Object.fromEntries(
      gpu.map((metric) => [metric, ofGpus.filter((one) => one.metric === metric).map((one) => one.value)]),
    ),
  }
}
