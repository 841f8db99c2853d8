import { planContent, type PlanContent } from '@clawbernetes/protocol/plans/content'
import { type Ctx, requirePermission } from '../context'
import { planLabel } from './plan-digest'

/** The plan of a thread that was done last and was not taken back yet; null: nothing was done there, or something waits or runs. */
export async function lastDone({
  ctx,
  input,
}: {
  ctx: Ctx
  input: { threadId: string }
}): Promise<{ planId: string; label: string; content: PlanContent } | null> {
  requirePermission(ctx, 'read')
  const plans = await ctx.db.plan.findMany({
    where: {
      orgId: ctx.actor.orgId,
      threadId: input.threadId,
      state: { in: ['succeeded', 'proposed', 'approved', 'running'] },
    },
    orderBy: { number: 'desc' },
    take: 50,
    include: { revisions: { orderBy: { revision: 'desc' }, take: 1 } },
  })
  const open = plans.some((plan) => plan.state !== 'succeeded' && plan.expiresAt > ctx.now())
  if (open) return null
  const undone = new Set(plans.flatMap((plan) => (plan.state === 'succeeded' && plan.parentId ? [plan.parentId] : [])))
  const done = new Set(plans.flatMap((plan) => (plan.state === 'succeeded' ? [plan.id] : [])))
  // An undo is not undone by saying "undo" once more: that goes one further back. What was only asked for again is no undo.
  const takesBack = (plan: { parentId: string | null }) => plan.parentId !== null && done.has(plan.parentId)
  const last = plans.find((plan) => plan.state === 'succeeded' && !takesBack(plan) && !undone.has(plan.id))
  const revision = last?.revisions[0]
  return last && revision
    ? { planId: last.id, label: planLabel(last.number), content: planContent.parse(revision.content) }
    : null
}
