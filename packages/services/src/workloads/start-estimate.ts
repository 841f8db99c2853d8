import { type Ctx, requirePermission } from '../context'

const SAMPLE = 20

/** Median seconds from asked to running over the organisation's latest starts; null: nothing ever started here. */
export async function startEstimateS({ ctx }: { ctx: Ctx }): Promise<number | null> {
  requirePermission(ctx, 'read')
  const rows = await ctx.db.replica.findMany({
    where: { orgId: ctx.actor.orgId, startedAt: { not: null } },
    orderBy: { createdAt: 'desc' },
    take: SAMPLE,
    select: { createdAt: true, startedAt: true },
  })
  const seconds = rows
    .flatMap((r) => (r.startedAt ? [(r.startedAt.getTime() - r.createdAt.getTime()) / 1000] : []))
    .sort((a, b) => a - b)
  const median = seconds[Math.floor(seconds.length / 2)]
  return median === undefined ? null : Math.max(1, Math.round(median))
}
