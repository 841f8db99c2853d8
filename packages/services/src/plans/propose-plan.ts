import { planContent, type PlanContent } from '@clawbernetes/protocol/plans/content'
import type { Prisma } from '@clawbernetes/db/rows'
import { type Ctx, newId, requirePermission, type Tx } from '../context'
import { ServiceError } from '../errors'
import { appendAudit } from '../log/append-audit'
import { parseInput } from '../parse-input'
import { approveInTx } from '../approvals/approve-in-tx'
import { readPolicy, rulingFor } from './org-policy'
import { planDigest, planLabel } from './plan-digest'
import { recordPlanEvent } from './record-plan-event'

export interface ProposeInput {
  intent: string
  content: PlanContent
  threadId: string | null
  runId: string | null
  demo: boolean
}

/**
 * Stores a proposed change; nothing happens to the fleet. The policy answers: approved at once (low risk), a card that
 * waits for people, or refused. The caller needs the right to propose, an agent that of the person it acts for.
 */
export async function proposePlan({
  ctx,
  input,
}: {
  ctx: Ctx
  input: ProposeInput
}): Promise<{ planId: string; label: string; state: 'proposed' | 'approved' }> {
  requirePermission(ctx, 'propose')
  const content = parseInput(planContent, input.content)
  return ctx.db.$transaction(async (tx) => {
    const policy = await readPolicy(tx, ctx.actor.orgId)
    const ruling = rulingFor(policy, content.risk, content.origin.untrusted.length > 0)
    if (ruling.answer === 'deny') throw new ServiceError('forbidden', `The policy refuses this: ${ruling.reason}.`)
    const number = await nextNumber(tx, ctx.actor.orgId)
    const at = ctx.now()
    const expiresAt = new Date(at.getTime() + content.ttlS * 1000)
    const plan = await tx.plan.create({
      data: {
        id: newId('plan', at),
        orgId: ctx.actor.orgId,
        number,
        intent: input.intent,
        threadId: input.threadId,
        runId: input.runId,
        demo: input.demo,
        proposedBy: ctx.actor.userId ?? 'system',
        proposerKind: ctx.actor.kind,
        expiresAt,
        createdAt: at,
      },
    })
    await tx.planRevision.create({
      data: {
        planId: plan.id,
        revision: 1,
        orgId: plan.orgId,
        content: content as Prisma.InputJsonObject,
        digest: planDigest(plan.orgId, number, 1, content, policy.version),
        risk: content.risk,
        approvalsNeeded: ruling.approvalsNeeded,
        policyVersion: policy.version,
        expiresAt,
        createdAt: at,
      },
    })
    await appendAudit(tx, ctx, 'plan.proposed', planLabel(number), {
      title: content.title,
      risk: content.risk,
      tool: content.tool.name,
    })
    await recordPlanEvent(tx, plan, 'plan.proposed')
    if (ruling.answer === 'auto') await approveInTx(tx, ctx, { plan, content, decidedBy: null, reason: ruling.reason })
    return { planId: plan.id, label: planLabel(number), state: ruling.answer === 'auto' ? 'approved' : 'proposed' }
  })
}

async function nextNumber(tx: Tx, orgId: string): Promise<number> {
  const settings = await tx.orgSettings.upsert({
    where: { organizationId: orgId },
    create: { organizationId: orgId, nextPlanNumber: 102 },
    update: { nextPlanNumber: { increment: 1 } },
  })
  return settings.nextPlanNumber - 1
}
