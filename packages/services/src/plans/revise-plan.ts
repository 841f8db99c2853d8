import { planContent, type PlanContent } from '@clawbernetes/protocol/plans/content'
import type { Prisma } from '@clawbernetes/db/rows'
import { type Ctx, requirePermission } from '../context'
import { notFound, ServiceError } from '../errors'
import { appendAudit } from '../log/append-audit'
import { parseInput } from '../parse-input'
import { holdOrgPolicy, refuseFrozen } from '../policy/read-org-policy'
import { rulePlan } from '../policy/rule-plan'
import { ruledContent } from '../policy/ruled-content'
import { carryUntrusted } from './carry-untrusted'
import { planDigest, planLabel } from './plan-digest'
import { recordPlanEvent } from './record-plan-event'

/** The next revision of a plan that is still undecided: approvals of earlier ones are void, the expiry starts again. */
export async function revisePlan({
  ctx,
  input,
}: {
  ctx: Ctx
  input: { planId: string; fromRevision: number; content: PlanContent }
}): Promise<{ revision: number }> {
  requirePermission(ctx, 'propose')
  const parsed = parseInput(planContent, input.content)
  return ctx.db.$transaction(async (tx) => {
    const org = await holdOrgPolicy(tx, ctx.actor.orgId)
    await refuseFrozen(tx, org, 'Nothing is changed')
    const at = ctx.now()
    const before = await tx.plan.findFirst({ where: { id: input.planId, orgId: ctx.actor.orgId } })
    if (!before) throw notFound('plan')
    const drafted = await carryUntrusted(tx, { planId: before.id, revision: input.fromRevision }, parsed)
    const { ruling } = await rulePlan(tx, before.orgId, org, drafted, at, before.id)
    if (ruling.answer === 'deny') throw new ServiceError('forbidden', `The policy refuses this: ${ruling.reason}.`)
    const content = ruledContent(drafted, ruling, before.number)
    const expiresAt = new Date(at.getTime() + content.ttlS * 1000)
    const revision = input.fromRevision + 1
    const moved = await tx.plan.updateMany({
      where: { id: input.planId, orgId: ctx.actor.orgId, state: 'proposed', revision: input.fromRevision },
      data: { revision, expiresAt, version: { increment: 1 } },
    })
    const plan = await tx.plan.findFirst({ where: { id: input.planId, orgId: ctx.actor.orgId } })
    if (!plan) throw notFound('plan')
    if (moved.count === 0)
      throw new ServiceError(
        'conflict',
        plan.state === 'proposed'
          ? `${planLabel(plan.number)} is at r${plan.revision} already.`
          : `${planLabel(plan.number)} can no longer be changed: it is ${plan.state}.`,
      )
    await tx.planRevision.create({
      data: {
        planId: plan.id,
        revision,
        orgId: plan.orgId,
        content: content as Prisma.InputJsonObject,
        digest: planDigest(plan.orgId, plan.number, revision, content, org.version),
        risk: content.risk,
        approvalsNeeded: Math.max(1, ruling.approvalsNeeded),
        policyVersion: org.version,
        // An edited plan is always asked for: somebody is looking at it.
        ruling: { ...ruling, answer: 'ask', approvalsNeeded: Math.max(1, ruling.approvalsNeeded) },
        editedBy: ctx.actor.userId,
        expiresAt,
        createdAt: at,
      },
    })
    await appendAudit(tx, ctx, 'plan.revised', `${planLabel(plan.number)} r${revision}`, { title: content.title })
    await recordPlanEvent(tx, plan, 'plan.revised')
    return { revision }
  })
}
