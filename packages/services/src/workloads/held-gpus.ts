import { groupBy } from '@clawbernetes/domain/group-by'
import { GPU_METRICS, METRICS_PER_GPU } from '@clawbernetes/domain/telemetry/layout'
import { PRICE_LABEL, priceMicroUsd } from '@clawbernetes/domain/market/price'
import { STALE_AFTER_MS } from '@clawbernetes/domain/telemetry/freshness'
import type { Ctx } from '../context'

const UTIL = { place: GPU_METRICS.findIndex((metric) => metric.name === 'utilPct'), unit: GPU_METRICS[0].unit }

/** What the GPUs that a workload holds do and cost now. */
export interface HeldGpus {
  gpus: number
  models: string[]
  /** Mean over its GPUs that reported within the last half minute; null: none did. */
  utilPct: number | null
  /** null: a GPU's node has no price. */
  costPerHourMicroUsd: number | null
}

interface Row {
  workload_id: string
  model: string
  price: string | null
  util: number | null
}

/** By workload id; a workload that holds no GPU has no entry. */
export async function heldGpus(ctx: Ctx, workloadIds: readonly string[]): Promise<Map<string, HeldGpus>> {
  if (workloadIds.length === 0) return new Map()
  const freshSince = new Date(ctx.now().getTime() - STALE_AFTER_MS)
  const rows = await ctx.db.$queryRaw<Row[]>`
    select r.workload_id, g.gpu_model as model, n.labels ->> ${PRICE_LABEL} as price,
      (case when l.at >= s.since and l.at >= ${freshSince} then l.gpus[s.slot * ${METRICS_PER_GPU}::int + ${UTIL.place + 1}::int] end)::int as util
    from reservation r
    join gpu g on g.id = r.gpu_id
    join node n on n.id = r.node_id
    left join telemetry.gpu_slot s on s.gpu_id = r.gpu_id
    left join telemetry.latest l on l.node = s.node
    where r.org_id = ${ctx.actor.orgId} and r.released_at is null and r.workload_id = any(${[...workloadIds]})`
  const byWorkload = groupBy(rows, (row) => row.workload_id)
  return new Map([...byWorkload].map(([id, held]) => [id, summarise(held)]))
}

function summarise(rows: Row[]): HeldGpus {
  const utils = rows.flatMap((row) => (row.util === null ? [] : [row.util * UTIL.unit]))
  const prices = rows.map((row) => priceMicroUsd(row.price))
  return {
    gpus: rows.length,
    models: [...new Set(rows.map((row) => row.model))].sort(),
    utilPct: utils.length === 0 ? null : utils.reduce((sum, util) => sum + util, 0) / utils.length,
    costPerHourMicroUsd: prices.some((price) => price === null)
      ? null
      : prices.reduce<number>((sum, price) => sum + (price ?? 0), 0),
  }
}

/** What the GPU time of a workload has cost so far, from its reservations; null: a price is not known. */
export async function costSoFar(ctx: Ctx, workloadId: string): Promise<number | null> {
  const rows = await ctx.db.reservation.findMany({
    where: { orgId: ctx.actor.orgId, workloadId },
    select: { createdAt: true, releasedAt: true, gpu: { select: { node: { select: { labels: true } } } } },
  })
  let total = 0
  for (const row of rows) {
    const price = priceMicroUsd((row.gpu.node.labels as Record<string, string>)[PRICE_LABEL])
    if (price === null) return null
    const ms = Math.max(0, (row.releasedAt ?? ctx.now()).getTime() - row.createdAt.getTime())
    total += (price * ms) / 3_600_000
  }
  return Math.round(total)
}
