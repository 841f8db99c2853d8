import { planContent } from '@clawbernetes/protocol/plans/content'
import { type Ctx, requirePermission } from '../context'
import { notFound, ServiceError } from '../errors'
import { enqueue } from '../jobs/enqueue'
import { appendAudit } from '../log/append-audit'
import { readOrgPolicy, refuseFrozen } from '../policy/read-org-policy'
import { findUndo } from './find-undo'
import { planLabel } from './plan-digest'
import { recordPlanEvent } from './record-plan-event'

/** Asks for the plan that takes a finished one back. It is drafted like any other and needs its own approval. */
export async function requestUndo({ ctx, input }: { ctx: Ctx; input: { planId: string } }): Promise<{ queued: true }> {
  requirePermission(ctx, 'propose')
  await ctx.db.$transaction(async (tx) => {
    await refuseFrozen(tx, await readOrgPolicy(tx, ctx.actor.orgId), 'Nothing is proposed')
    const plan = await tx.plan.findFirst({ where: { id: input.planId, orgId: ctx.actor.orgId } })
    if (!plan) throw notFound('plan')
    const label = planLabel(plan.number)
    if (plan.state !== 'succeeded')
      throw new ServiceError('conflict', `${label} is ${plan.state}: there is nothing to undo.`)
    const undo = await findUndo(tx, plan, ctx.now())
    if (undo)
      throw new ServiceError(
        'conflict',
        `${undo.label} ${undo.state === 'succeeded' ? 'took' : 'takes'} ${label} back${undo.state === 'proposed' ? ': it waits for approval' : ''}.`,
      )
    const revision = await tx.planRevision.findUniqueOrThrow({
      where: { planId_revision: { planId: plan.id, revision: plan.revision } },
    })
    if (!planContent.parse(revision.content).undo.tool) throw new ServiceError('conflict', `${label} cannot be undone.`)
    // What was said of an earlier try is over.
    if (plan.stateReason !== null)
      await recordPlanEvent(
        tx,
        await tx.plan.update({ where: { id: plan.id }, data: { stateReason: null, version: { increment: 1 } } }),
        'plan.revised',
      )
    await enqueue(
      tx,
      'plan-undo',
      { planId: plan.id, userId: ctx.actor.userId ?? '' },
      { key: `undo:${plan.id}:${ctx.actor.userId}`, maxAttempts: 5 },
    )
    await appendAudit(tx, ctx, 'plan.undo-asked', label)
  })
  return { queued: true }
}
