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

/**
 * Undecided plans of a thread, newest first: what "yes" can mean.
 * @param input.shown a card of another conversation that the last answer of this one showed; it counts as long as it is exactly that
 */
export async function pendingPlans({
  ctx,
  input,
}: {
  ctx: Ctx
  input: { threadId: string; shown?: { id: string; digest: string } }
}): Promise<PendingPlan[]> {
  requirePermission(ctx, 'read')
  const { threadId, shown } = input
  const rows = await ctx.db.plan.findMany({
    where: {
      orgId: ctx.actor.orgId,
      state: 'proposed',
      expiresAt: { gt: ctx.now() },
      OR: [{ threadId }, ...(shown ? [{ id: shown.id }] : [])],
    },
    orderBy: { number: 'desc' },
    include: { revisions: { orderBy: { revision: 'desc' }, take: 1 } },
  })
  return rows.flatMap((row) => {
    const revision = row.revisions[0]
    if (!revision || (row.threadId !== threadId && revision.digest !== shown?.digest)) return []
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
