import type { WorkloadCounts } from '@clawbernetes/protocol/views/workload'
import { type Ctx, requirePermission } from '../context'

const DAY_MS = 86_400_000

/** The numbers above the list of workloads. */
export async function countWorkloads({ ctx }: { ctx: Ctx }): Promise<WorkloadCounts> {
  requirePermission(ctx, 'read')
  const where = { orgId: ctx.actor.orgId, deletedAt: null }
  const since = new Date(ctx.now().getTime() - DAY_MS)
  const [byStatus, failed24h] = await Promise.all([
    ctx.db.workload.groupBy({ by: ['status'], where, _count: true }),
    ctx.db.workload.count({ where: { ...where, status: 'failed', finishedAt: { gte: since } } }),
  ])
  const of = (...statuses: string[]) =>
    byStatus.filter((row) => statuses.includes(row.status)).reduce((sum, row) => sum + row._count, 0)
  return {
    running: of('running', 'degraded'),
    pending: of('pending', 'placed', 'starting'),
    degraded: of('degraded'),
    failed24h,
    total: byStatus.reduce((sum, row) => sum + row._count, 0),
  }
}
