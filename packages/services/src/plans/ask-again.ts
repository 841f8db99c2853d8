import { planContent } from '@clawbernetes/protocol/plans/content'
import { type Ctx, requirePermission } from '../context'
import { notFound, ServiceError } from '../errors'
import { enqueue } from '../jobs/enqueue'
import { appendAudit } from '../log/append-audit'
import { refuseFrozen, readOrgPolicy } from '../policy/read-org-policy'
import { planLabel } from './plan-digest'

const AGAIN: ReadonlySet<string> = new Set(['expired', 'stale', 'withdrawn', 'proposed'])

/** Asks for a fresh proposal from the same arguments: previewed on the fleet as it is now, with a card and an approval of its own. */
export async function askAgain({ ctx, input }: { ctx: Ctx; input: { planId: string } }): Promise<{ queued: true }> {
  requirePermission(ctx, 'propose')
  await refuseFrozen(ctx.db, await readOrgPolicy(ctx.db, ctx.actor.orgId), 'Nothing is proposed')
  await ctx.db.$transaction(async (tx) => {
    const plan = await tx.plan.findFirst({ where: { id: input.planId, orgId: ctx.actor.orgId } })
    if (!plan) throw notFound('plan')
    const label = planLabel(plan.number)
    if (!AGAIN.has(plan.state))
      throw new ServiceError('conflict', `${label} is ${plan.state}: ask in the chat instead.`)
    const revision = await tx.planRevision.findUniqueOrThrow({
      where: { planId_revision: { planId: plan.id, revision: plan.revision } },
    })
    const { tool } = planContent.parse(revision.content)
    await enqueue(
      tx,
      'plan-again',
      { planId: plan.id, userId: ctx.actor.userId ?? '' },
      { key: `again:${plan.id}`, maxAttempts: 5 },
    )
    await appendAudit(tx, ctx, 'plan.asked-again', `${label} r${plan.revision}`, { tool: tool.name })
  })
  return { queued: true }
}
