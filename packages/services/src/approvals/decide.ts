import { mayApprove } from '@clawbernetes/domain/approvals/policy'
import { CLOSED_WORDS } from '@clawbernetes/domain/plans/plan-machine'
import { planContent, type PlanContent } from '@clawbernetes/protocol/plans/content'
import { can } from '@clawbernetes/protocol/roles'
import { plainText } from '@clawbernetes/protocol/text'
import { Prisma, type PlanModel, type PlanRevisionModel } from '@clawbernetes/db/rows'
import * as z from 'zod'
import { type Ctx, newId, requireScope, type Tx } from '../context'
import { notFound, ServiceError } from '../errors'
import { appendAudit } from '../log/append-audit'
import { parseInput } from '../parse-input'
import { observeDrift } from '../plans/observe-facts'
import { readPolicy, rulingFor } from '../plans/org-policy'
import { planLabel } from '../plans/plan-digest'
import { recordPlanEvent } from '../plans/record-plan-event'
import { approveInTx } from './approve-in-tx'

export const decideInput = z.object({
  planId: z.string().max(60),
  revision: z.number().int().min(1),
  digest: z.string().length(64),
  decision: z.enum(['approve', 'reject']),
  reason: plainText(500).nullable().default(null),
  /** For high risk: the name that the card asks for. */
  typedName: z.string().max(80).nullable().default(null),
  /** The words of a typed consent, when it came from the chat. */
  quote: plainText(2000).nullable().default(null),
})
export type DecideInput = z.input<typeof decideInput>

export interface Decided {
  planId: string
  label: string
  state: 'proposed' | 'approved' | 'rejected' | 'stale' | 'expired'
  /** In words: what happened, or what is still missing. */
  text: string
}

/**
 * One person's decision on exactly one revision. One compare-and-set that every door goes through: button, typed yes, CLI,
 * Slack, double click. Throws `conflict` for the one who comes second, naming who decided and when.
 * A plan whose grounds moved turns stale here, and nothing is changed.
 */
export async function decide({ ctx, input: raw }: { ctx: Ctx; input: DecideInput }): Promise<Decided> {
  const input = parseInput(decideInput, raw)
  if (ctx.actor.kind !== 'person' || !ctx.actor.userId)
    throw new ServiceError('forbidden', 'Only a person can decide on a plan.')
  requireScope(ctx, 'approve')
  try {
    return await ctx.db.$transaction(async (tx) => {
      // One decision at a time per plan: the second waits here and then reads what the first did.
      await tx.$queryRaw`select 1 from "plan" where id = ${input.planId} and org_id = ${ctx.actor.orgId} for update`
      const plan = await tx.plan.findFirst({ where: { id: input.planId, orgId: ctx.actor.orgId } })
      if (!plan) throw notFound('plan')
      const revision = await tx.planRevision.findUnique({
        where: { planId_revision: { planId: plan.id, revision: plan.revision } },
      })
      if (!revision) throw notFound('plan')
      await refuseClosed(tx, plan, revision, input)
      const at = ctx.now()
      if (plan.expiresAt <= at) return expire(tx, plan)
      const content = planContent.parse(revision.content)
      return input.decision === 'reject'
        ? reject(tx, ctx, plan, revision, input.reason)
        : approve(tx, ctx, { plan, revision, content, typedName: input.typedName, quote: input.quote })
    })
  } catch (error) {
    if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002')
      throw new ServiceError('conflict', 'You have already decided on this revision.')
    throw error
  }
}

async function refuseClosed(
  tx: Tx,
  plan: PlanModel,
  revision: PlanRevisionModel,
  input: z.output<typeof decideInput>,
): Promise<void> {
  if (plan.state !== 'proposed') {
    const by = plan.decidedBy
      ? await tx.user.findUnique({ where: { id: plan.decidedBy }, select: { name: true } })
      : null
    const who = by ? ` ${by.name} decided` : plan.decidedBy === 'policy' ? ' The policy decided' : ''
    const when = who && plan.decidedAt ? `${who} at ${plan.decidedAt.toISOString().slice(11, 19)} UTC.` : ''
    throw new ServiceError('conflict', `${planLabel(plan.number)}: ${CLOSED_WORDS[plan.state]}${when}`, {
      state: plan.state,
      decidedBy: plan.decidedBy,
    })
  }
  if (input.revision !== plan.revision)
    throw new ServiceError(
      'conflict',
      `${planLabel(plan.number)} r${input.revision} was replaced by r${plan.revision}. Look at the new revision first.`,
      { state: 'superseded', revision: plan.revision },
    )
  if (input.digest !== revision.digest)
    throw new ServiceError('conflict', 'What you saw is not what would be done. Reload the plan.', {
      state: 'superseded',
    })
}

async function expire(tx: Tx, plan: PlanModel): Promise<Decided> {
  const expired = await tx.plan.update({
    where: { id: plan.id },
    data: { state: 'expired', version: { increment: 1 } },
  })
  await recordPlanEvent(tx, expired, 'plan.expired')
  return {
    planId: plan.id,
    label: planLabel(plan.number),
    state: 'expired',
    text: `${planLabel(plan.number)} expired before it was decided. Ask for it again to get a fresh one.`,
  }
}

async function reject(
  tx: Tx,
  ctx: Ctx,
  plan: PlanModel,
  revision: PlanRevisionModel,
  reason: string | null,
): Promise<Decided> {
  if (!can(ctx.actor.role, 'propose'))
    throw new ServiceError('forbidden', `Rejecting needs the role operator; yours is ${ctx.actor.role}.`)
  await record(tx, ctx, plan, revision, { decision: 'reject', reason, quote: null, selfApproved: false })
  const rejected = await tx.plan.update({
    where: { id: plan.id },
    data: {
      state: 'rejected',
      stateReason: reason,
      decidedAt: ctx.now(),
      decidedBy: ctx.actor.userId,
      version: { increment: 1 },
    },
  })
  await appendAudit(tx, ctx, 'plan.rejected', `${planLabel(plan.number)} r${plan.revision}`, { reason })
  await recordPlanEvent(tx, rejected, 'plan.decided')
  return {
    planId: plan.id,
    label: planLabel(plan.number),
    state: 'rejected',
    text: `${planLabel(plan.number)} is rejected. Nothing was changed.`,
  }
}

async function approve(
  tx: Tx,
  ctx: Ctx,
  input: {
    plan: PlanModel
    revision: PlanRevisionModel
    content: PlanContent
    typedName: string | null
    quote: string | null
  },
): Promise<Decided> {
  const { plan, revision, content } = input
  const label = planLabel(plan.number)
  const policy = await readPolicy(tx, plan.orgId)
  if (policy.frozen)
    throw new ServiceError(
      'conflict',
      'The emergency stop is on: nothing can be approved until an administrator lifts it.',
    )
  const ruling = rulingFor(policy, content.risk, content.origin.untrusted.length > 0)
  const members = await tx.member.count({ where: { organizationId: plan.orgId } })
  const person = { id: ctx.actor.userId ?? '', role: ctx.actor.role }
  const refusal = mayApprove(ruling, person, plan.proposedBy, members === 1)
  if (refusal) throw new ServiceError('forbidden', refusal)
  if (input.quote !== null && !ruling.typedConsent)
    throw new ServiceError('forbidden', `${label} needs the button on its card: ${ruling.reason}.`)
  if (ruling.typedName && input.typedName !== content.confirmName)
    throw new ServiceError('invalid', `Type ${content.confirmName ?? 'the name on the card'} to approve ${label}.`)

  const drift = await observeDrift(tx, plan.orgId, content.facts, ctx.now())
  if (drift.length > 0) {
    const why = drift
      .slice(0, 3)
      .map((d) => `${d.text}: was ${d.was}, is ${d.is}`)
      .join('; ')
    const stale = await tx.plan.update({
      where: { id: plan.id },
      data: { state: 'stale', stateReason: why, version: { increment: 1 } },
    })
    await appendAudit(tx, ctx, 'plan.stale', `${label} r${plan.revision}`, { why })
    await recordPlanEvent(tx, stale, 'plan.finished')
    return { planId: plan.id, label, state: 'stale', text: `${label} is stale, nothing was changed: ${why}.` }
  }
  await record(tx, ctx, plan, revision, {
    decision: 'approve',
    reason: null,
    quote: input.quote,
    selfApproved: plan.proposedBy === ctx.actor.userId,
  })
  const have = await tx.approval.count({ where: { planId: plan.id, revision: plan.revision, decision: 'approve' } })
  const needed = Math.min(revision.approvalsNeeded, members)
  if (have < needed) {
    const counted = await tx.plan.update({ where: { id: plan.id }, data: { version: { increment: 1 } } })
    await recordPlanEvent(tx, counted, 'plan.decided')
    return { planId: plan.id, label, state: 'proposed', text: `${label} has ${have} of ${needed} approvals.` }
  }
  await approveInTx(tx, ctx, {
    plan,
    content,
    decidedBy: ctx.actor.userId,
    reason: input.quote ? 'typed consent' : 'button',
  })
  return { planId: plan.id, label, state: 'approved', text: `${label} is approved and starts now.` }
}

async function record(
  tx: Tx,
  ctx: Ctx,
  plan: PlanModel,
  revision: PlanRevisionModel,
  what: { decision: 'approve' | 'reject'; reason: string | null; quote: string | null; selfApproved: boolean },
): Promise<void> {
  await tx.approval.create({
    data: {
      id: newId('approval', ctx.now()),
      orgId: plan.orgId,
      planId: plan.id,
      revision: plan.revision,
      digest: revision.digest,
      userId: ctx.actor.userId ?? '',
      via: ctx.actor.via,
      createdAt: ctx.now(),
      ...what,
    },
  })
}
