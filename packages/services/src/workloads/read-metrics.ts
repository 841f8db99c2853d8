import type { WorkloadMetrics } from '@clawbernetes/protocol/views/workload-log'
import * as z from 'zod'
import { type Ctx, requirePermission } from '../context'
import { notFound } from '../errors'
import { parseInput } from '../parse-input'

const MAX_POINTS = 500

export const readMetricsInput = z.object({
  workloadId: z.string().max(60),
  /** Without: every metric that it reported. */
  names: z.array(z.string().max(60)).max(20).optional(),
  maxPoints: z.number().int().min(2).max(MAX_POINTS).default(MAX_POINTS),
})

interface Row {
  name: string
  replica_id: string
  step: number
  at: Date
  value: number
}

/**
 * Curves by step, of the lowest rank that reported each metric. A long one is thinned: of equal stretches of steps the last
 * point stays, so that what is shown was really said; the newest point is always there.
 */
export async function readMetrics({
  ctx,
  input,
}: {
  ctx: Ctx
  input: z.input<typeof readMetricsInput>
}): Promise<WorkloadMetrics> {
  requirePermission(ctx, 'read')
  const { workloadId, names, maxPoints } = parseInput(readMetricsInput, input)
  const workload = await ctx.db.workload.findFirst({
    where: { id: workloadId, orgId: ctx.actor.orgId },
    select: { id: true },
  })
  if (!workload) throw notFound('workload')
  const rows = await ctx.db.$queryRaw<Row[]>`
    with speaker as (
      select distinct on (m.name) m.name, m.replica_id
      from (select distinct name, replica_id from workload_metric where workload_id = ${workloadId}) m
      join replica r on r.id = m.replica_id
      where ${names ?? null}::text[] is null or m.name = any(${names ?? []}::text[])
      order by m.name, r.attempt desc, r.ordinal, r.created_at desc
    ), points as (
      select m.name, m.replica_id, m.step, m.at, m.value,
        ntile(${maxPoints}) over (partition by m.name order by m.step) as stretch
      from workload_metric m join speaker s on s.name = m.name and s.replica_id = m.replica_id
      where m.workload_id = ${workloadId}
    )
    select distinct on (name, stretch) name, replica_id, step, at, value from points order by name, stretch, step desc`
  const byName = new Map<string, Row[]>()
  for (const row of rows) byName.set(row.name, [...(byName.get(row.name) ?? []), row])
  const curves = [...byName].flatMap(([name, own]) => {
    const points = own
      .sort((a, b) => a.step - b.step)
      .map(({ step, at, value }) => ({ step, atMs: at.getTime(), value }))
    const last = points.at(-1)
    return last ? [{ name, replicaId: own[0]?.replica_id ?? '', points, last }] : []
  })
  return {
    workloadId,
    curves: curves.sort(
      (a, b) => Number(b.name === 'loss') - Number(a.name === 'loss') || a.name.localeCompare(b.name),
    ),
  }
}
