import type { StepKind } from '@clawbernetes/protocol/plans/steps'
import { type Ctx, requirePermission } from '../context'

const SAMPLE = 200

/** Median seconds that each kind of step took in the organisation's latest plans; a kind that never ran is missing. */
export async function stepEstimates({ ctx }: { ctx: Ctx }): Promise<Partial<Record<StepKind, number>>> {
  requirePermission(ctx, 'read')
  const rows = await ctx.db.$queryRaw<{ kind: StepKind; seconds: number }[]>`
    select kind, percentile_cont(0.5) within group (order by extract(epoch from finished_at - started_at))::float8 as seconds
    from (
      select kind, started_at, finished_at from plan_step
      where org_id = ${ctx.actor.orgId} and state = 'succeeded' and started_at is not null
      order by finished_at desc limit ${SAMPLE}
    ) latest
    group by kind`
  return Object.fromEntries(rows.map((row) => [row.kind, Math.max(1, Math.round(row.seconds))]))
}
