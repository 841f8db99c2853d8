import { PRICE_LABEL, priceMicroUsd } from '@clawbernetes/domain/market/price'
import * as z from 'zod'
import { type Ctx, requirePermission } from '../context'
import { parseInput } from '../parse-input'

export const gpuTimeInput = z.object({
  fromMs: z.number().int(),
  toMs: z.number().int(),
})

/** GPU time that one workload held on one node within a window. */
export interface GpuTime {
  workloadId: string
  workload: string
  kind: string
  owner: string
  node: string
  gpuModel: string
  gpus: number
  gpuHours: number
  /** Micro-dollars per GPU and hour, by the node's label; null: it has none. */
  priceMicroUsd: number | null
  demo: boolean
  /** Some of it is held at the end of the window. */
  heldNow: boolean
}

interface Row {
  workload_id: string
  workload: string
  kind: string
  owner: string | null
  node: string
  model: string
  price: string | null
  gpus: bigint
  seconds: number
  held: boolean
  demo: boolean
}

/** GPU-hours that were held, from the records of reservations, cut at the ends of the window. Held is not used: an idle GPU counts. */
export async function gpuTime({ ctx, input }: { ctx: Ctx; input: z.input<typeof gpuTimeInput> }): Promise<GpuTime[]> {
  requirePermission(ctx, 'read')
  const { fromMs, toMs } = parseInput(gpuTimeInput, input)
  const from = new Date(fromMs)
  const to = new Date(Math.min(toMs, ctx.now().getTime()))
  const rows = await ctx.db.$queryRaw<Row[]>`
    select r.workload_id, w.name as workload, w.kind::text as kind, u.name as owner, n.name as node, g.gpu_model as model,
      n.labels ->> ${PRICE_LABEL} as price, n.demo, count(distinct r.gpu_id) as gpus, bool_or(r.released_at is null) as held,
      sum(extract(epoch from least(coalesce(r.released_at, ${to}), ${to}) - greatest(r.created_at, ${from})))::float8 as seconds
    from reservation r
    join workload w on w.id = r.workload_id
    join gpu g on g.id = r.gpu_id
    join node n on n.id = r.node_id
    left join "user" u on u.id = w.owner_id
    where r.org_id = ${ctx.actor.orgId} and r.created_at < ${to} and coalesce(r.released_at, ${to}) > ${from}
    group by 1, 2, 3, 4, 5, 6, 7, 8
    order by seconds desc`
  return rows.map((row) => ({
    workloadId: row.workload_id,
    workload: row.workload,
    kind: row.kind,
    owner: row.owner ?? 'Clawbernetes',
    node: row.node,
    gpuModel: row.model,
    gpus: Number(row.gpus),
    gpuHours: row.seconds / 3600,
    priceMicroUsd: priceMicroUsd(row.price),
    demo: row.demo,
    heldNow: row.held,
  }))
}
