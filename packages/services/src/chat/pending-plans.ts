import { planContent } from '@clawbernetes/protocol/plans/content'
import { type Ctx, requirePermission } from '../context'
import { planLabel } from '../plans/plan-digest'

export interface PendingPlan {
  id: string
  label: string
  intent: string
  args: Record<string, unknown>
  risk: string
  revision: number
  digest: string
  title: string
  expiresAt: Date
}

/** Undecided plans of a thread, newest first: what "yes" can mean. */
export async function pendingPlans({ ctx, input }: { ctx: Ctx; input: { threadId: string } }): Promise<PendingPlan[]> {
  requirePermission(ctx, 'read')
  const rows = await ctx.db.plan.findMany({
    where: { orgId: ctx.actor.orgId, threadId: input.threadId, state: 'proposed', expiresAt: { gt: ctx.now() } },
    orderBy: { number: 'desc' },
    include: { revisions: { orderBy: { revision: 'desc' }, take: 1 } },
  })
  return rows.flatMap((row) => {
    const revision = row.revisions[0]
    if (!revision) return []
    const content = planContent.parse(revision.content)
    return [
      {
        id: row.id,
        label: planLabel(row.number),
        intent: content.tool.name,
        args: content.tool.args,
        risk: revision.risk,
        revision: row.revision,
        digest: revision.digest,
        title: content.title,
        expiresAt: row.expiresAt,
      },
    ]
  })
}
