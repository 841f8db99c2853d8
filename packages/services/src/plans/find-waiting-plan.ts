import { canonicalJson } from '@clawbernetes/domain/canonical-json'
import { planContent } from '@clawbernetes/protocol/plans/content'
import { type Ctx, requirePermission } from '../context'
import { planLabel } from './plan-digest'

/** A plan of the caller outside any conversation that waits for exactly this call: a program that asks again gets it back instead of a second one. */
export async function findWaitingPlan({
  ctx,
  input,
}: {
  ctx: Ctx
  input: { intent: string; args: unknown }
}): Promise<{ planId: string; label: string } | null> {
  requirePermission(ctx, 'propose')
  const rows = await ctx.db.plan.findMany({
    where: {
      orgId: ctx.actor.orgId,
      proposedBy: ctx.actor.userId ?? '',
      proposerKind: 'agent',
      threadId: null,
      intent: input.intent,
      state: 'proposed',
      expiresAt: { gt: ctx.now() },
    },
    include: { revisions: { orderBy: { revision: 'desc' }, take: 1 } },
    orderBy: { number: 'desc' },
    take: 20,
  })
  const wanted = canonicalJson(input.args)
  const same = rows.find(({ revisions: [revision] }) => {
    return revision && canonicalJson(planContent.parse(revision.content).tool.args) === wanted
  })
  return same ? { planId: same.id, label: planLabel(same.number) } : null
}
