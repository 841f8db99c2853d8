import type { Ruling } from '@clawbernetes/domain/approvals/policy'
import { planContent, type PlanContent } from '@clawbernetes/protocol/plans/content'
import type { Prisma } from '@clawbernetes/db/rows'
import { type Ctx, newId, requirePermission, type Tx } from '../context'
import { ServiceError } from '../errors'
import { appendAudit } from '../log/append-audit'
import { parseInput } from '../parse-input'
import { approveInTx } from '../approvals/approve-in-tx'
import { holdOrgPolicy, refuseFrozen } from '../policy/read-org-policy'
import { rulePlan } from '../policy/rule-plan'
import { ruledContent } from '../policy/ruled-content'
import { planDigest, planLabel } from './plan-digest'
import { recordPlanEvent } from './record-plan-event'

export interface ProposeInput {
  intent: string
  content: PlanContent
  threadId: string | null
  runId: string | null
  demo: boolean
  /** The plan that this one continues: asked for again, or taking it back. */
  parentId?: string | null
}

export interface Proposed {
  planId: string
  label: string
  state: 'proposed' | 'approved'
}

/**
 * Stores a proposed change; nothing happens to the fleet. The policy answers: approved at once (low risk), a card that
 * waits for people, or refused. The caller needs the right to propose, an agent that of the person it acts for.
 */
export async function proposePlan({ ctx, input }: { ctx: Ctx; input: ProposeInput }): Promise<Proposed> {
  requirePermission(ctx, 'propose')
  return ctx.db.$transaction(async (tx) => (await proposeInTx(tx, ctx, input)).proposed)
}

/** @param asked nobody asked for this change yet: it waits for people, also where the policy would let it run by itself */
export async function proposeInTx(
  tx: Tx,
  ctx: Ctx,
  input: ProposeInput,
  asked: 'asked' | 'recommended' = 'asked',
): Promise<{ proposed: Proposed; ruling: Ruling; digest: string }> {
  const drafted = parseInput(planContent, input.content)
  const org = await holdOrgPolicy(tx, ctx.actor.orgId)
  await refuseFrozen(tx, org, 'Nothing is proposed')
  const at = ctx.now()
  // Proposals of one organisation queue here, so that two at once cannot both fit under the same limit.
  const number = await nextNumber(tx, ctx.actor.orgId)
  const ruled = await rulePlan(tx, ctx.actor.orgId, org, drafted, at)
  const ruling = asked === 'asked' ? ruled.ruling : waitsForPeople(ruled.ruling)
  if (ruling.answer === 'deny') throw new ServiceError('forbidden', `The policy refuses this: ${ruling.reason}.`)
  const content = ruledContent(drafted, ruling, number)
  const expiresAt = new Date(at.getTime() + content.ttlS * 1000)
  const plan = await tx.plan.create({
    data: {
      id: newId('plan', at),
      orgId: ctx.actor.orgId,
      number,
      intent: input.intent,
      threadId: input.threadId,
      runId: input.runId,
      parentId: input.parentId ?? null,
      demo: input.demo,
      proposedBy: ctx.actor.userId ?? 'system',
      proposerKind: ctx.actor.kind,
      expiresAt,
      createdAt: at,
    },
  })
  const revision = await tx.planRevision.create({
    data: {
      planId: plan.id,
      revision: 1,
      orgId: plan.orgId,
      content: content as Prisma.InputJsonObject,
      digest: planDigest(plan.orgId, number, 1, content, org.version),
      risk: content.risk,
      approvalsNeeded: ruling.approvalsNeeded,
      policyVersion: org.version,
      ruling: ruling as unknown as Prisma.InputJsonObject,
      expiresAt,
      createdAt: at,
    },
  })
  await appendAudit(tx, ctx, 'plan.proposed', planLabel(number), {
    title: content.title,
    risk: content.risk,
    tool: content.tool.name,
    digest: revision.digest,
    ...(asked === 'recommended' ? { recommended: true } : {}),
  })
  await recordPlanEvent(tx, plan, 'plan.proposed')
  if (ruling.answer === 'auto')
    await approveInTx(tx, ctx, {
      plan,
      revision,
      content,
      org,
      scope: ruled.scope,
      decidedBy: null,
      reason: ruling.reason,
      approvers: [],
      selfApproved: false,
    })
  const state = ruling.answer === 'auto' ? 'approved' : 'proposed'
  return { proposed: { planId: plan.id, label: planLabel(number), state }, ruling, digest: revision.digest }
}

/** A person must have seen it and said yes, whatever the policy would let run by itself. */
export const waitsForPeople = (ruling: Ruling): Ruling =>
  ruling.answer === 'auto' ? { ...ruling, answer: 'ask', approvalsNeeded: Math.max(1, ruling.approvalsNeeded) } : ruling

async function nextNumber(tx: Tx, orgId: string): Promise<number> {
  const settings = await tx.orgSettings.upsert({
    where: { organizationId: orgId },
    create: { organizationId: orgId, nextPlanNumber: 102 },
    update: { nextPlanNumber: { increment: 1 } },
  })
  return settings.nextPlanNumber - 1
}
