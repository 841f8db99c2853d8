import { mayApprove, type Ruling } from '@clawbernetes/domain/approvals/policy'
import { planContent, type PlanContent } from '@clawbernetes/protocol/plans/content'
import { can } from '@clawbernetes/protocol/roles'
import { plainText } from '@clawbernetes/protocol/text'
import type { PlanModel, PlanRevisionModel } from '@clawbernetes/db/rows'
import * as z from 'zod'
import { alreadyExists } from '../already-exists'
import { postNote } from '../chat/post-note'
import { type Ctx, newId, requireScope, type Tx, type Via } from '../context'
import { notFound, ServiceError } from '../errors'
import { parseRole } from '../identity/resolve-actor'
import { appendAudit } from '../log/append-audit'
import { parseInput } from '../parse-input'
import { expireInTx } from '../plans/expire-in-tx'
import { type Drift, observeDrift } from '../plans/observe-facts'
import { planLabel } from '../plans/plan-digest'
import { recordPlanEvent } from '../plans/record-plan-event'
import { holdOrgPolicy, type OrgPolicy, refuseFrozen } from '../policy/read-org-policy'
import { ruleRevision } from '../policy/rule-plan'
import { approveInTx } from './approve-in-tx'
import { authorsOf, countVotes, votesWords } from './count-votes'
import { refuseClosed } from './refuse-closed'

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

interface Case {
  plan: PlanModel
  revision: PlanRevisionModel
  content: PlanContent
  org: OrgPolicy
  input: z.output<typeof decideInput>
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
    const decided = await ctx.db.$transaction(async (tx) => {
      const org = await holdOrgPolicy(tx, ctx.actor.orgId)
      // One decision at a time per plan: the second waits here and then reads what the first did.
      await tx.$queryRaw`select 1 from "plan" where id = ${input.planId} and org_id = ${ctx.actor.orgId} for update`
      const plan = await tx.plan.findFirst({ where: { id: input.planId, orgId: ctx.actor.orgId } })
      if (!plan) throw notFound('plan')
      const revision = await tx.planRevision.findUnique({
        where: { planId_revision: { planId: plan.id, revision: plan.revision } },
      })
      if (!revision) throw notFound('plan')
      await refuseClosed(tx, plan, revision, input)
      if (plan.expiresAt <= ctx.now()) return expire(tx, ctx, plan)
      const now = await asMember(tx, ctx)
      const content = planContent.parse(revision.content)
      const about: Case = { plan, revision, content, org, input }
      return input.decision === 'reject' ? reject(tx, now, about) : approve(tx, now, about)
    })
    if (decided.state === 'rejected') await tellReason(ctx, input)
    return decided
  } catch (error) {
    if (alreadyExists(error)) throw new ServiceError('conflict', 'You have already decided on this revision.')
    throw error
  }
}

/** The agent reads what stands in the thread: a reason is where its next proposal begins. Typed words stand there already. */
async function tellReason(ctx: Ctx, { planId, reason, quote }: Case['input']): Promise<void> {
  if (reason === null || quote !== null) return
  const plan = await ctx.db.plan.findFirst({ where: { id: planId, orgId: ctx.actor.orgId } })
  if (!plan?.threadId) return
  const door = DOOR_WORDS[ctx.actor.via] ?? ''
  const text = `${planLabel(plan.number)} was rejected by ${ctx.actor.userName}${door}: ${reason}`
  await postNote(ctx, { orgId: ctx.actor.orgId, threadId: plan.threadId, text, blocks: [] })
}

const DOOR_WORDS: Partial<Record<Via, string>> = {
  slack: ' via Slack',
  discord: ' via Discord',
  cli: ' from the command line',
  api: ' over the API',
}

/** The rights of this moment: a session or a key may be older than a removal or a change of role. */
async function asMember(tx: Tx, ctx: Ctx): Promise<Ctx> {
  const userId = ctx.actor.userId ?? ''
  const member = await tx.member.findUnique({
    where: { organizationId_userId: { organizationId: ctx.actor.orgId, userId } },
  })
  if (!member) throw new ServiceError('forbidden', 'You are no longer a member of this organisation.')
  return { ...ctx, actor: { ...ctx.actor, role: parseRole(member.role) } }
}

async function expire(tx: Tx, ctx: Ctx, plan: PlanModel): Promise<Decided> {
  await expireInTx(tx, ctx, plan.id)
  const label = planLabel(plan.number)
  const text = `${label} expired at ${plan.expiresAt.toISOString().slice(11, 19)} UTC, before it was decided. Ask for it again to get a fresh one.`
  return { planId: plan.id, label, state: 'expired', text }
}

async function reject(tx: Tx, ctx: Ctx, { plan, revision, input: { reason, quote } }: Case): Promise<Decided> {
  if (!can(ctx.actor.role, 'propose'))
    throw new ServiceError('forbidden', `Rejecting needs the role operator; yours is ${ctx.actor.role}.`)
  await record(tx, ctx, plan, revision, { decision: 'reject', reason, quote, selfApproved: false })
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
  const label = planLabel(plan.number)
  return { planId: plan.id, label, state: 'rejected', text: `${label} is rejected. Nothing was changed.` }
}

async function approve(tx: Tx, ctx: Ctx, about: Case): Promise<Decided> {
  const { plan, revision, content, org, input } = about
  const label = planLabel(plan.number)
  await refuseFrozen(tx, org, `${label} is not approved. Nothing can be approved`)
  const { ruling, scope } = await ruleRevision(tx, org, revision, content, ctx.now())
  await refuseUnfit(tx, ctx, about, ruling)
  const drift = await observeDrift(tx, plan.orgId, content.facts, ctx.now())
  if (drift.length > 0) return stale(tx, ctx, plan, drift)
  const selfApproved = authorsOf(plan, revision).includes(ctx.actor.userId ?? '')
  await record(tx, ctx, plan, revision, { decision: 'approve', reason: null, quote: input.quote, selfApproved })
  const votes = await countVotes(tx, org, ruling, plan, revision)
  if (votes.counted.length < votes.needed) {
    const counted = await tx.plan.update({ where: { id: plan.id }, data: { version: { increment: 1 } } })
    await appendAudit(tx, ctx, 'plan.approval', `${label} r${plan.revision}`, {
      digest: revision.digest,
      have: votes.counted.length,
      needed: votes.needed,
    })
    await recordPlanEvent(tx, counted, 'plan.decided')
    return { planId: plan.id, label, state: 'proposed', text: `${label} has ${votesWords(votes)}.` }
  }
  const { waits } = await approveInTx(tx, ctx, {
    plan,
    revision,
    content,
    org,
    scope,
    decidedBy: ctx.actor.userId,
    reason: input.quote ? 'typed consent' : 'button',
    approvers: votes.counted.map((vote) => vote.userId),
    selfApproved,
  })
  const text = waits ? `${label} is approved and ${waits}.` : `${label} is approved and starts now.`
  return { planId: plan.id, label, state: 'approved', text }
}

/** Everything that speaks against this person approving in this way, in words. */
async function refuseUnfit(tx: Tx, ctx: Ctx, { plan, revision, content, org, input }: Case, ruling: Ruling) {
  const label = planLabel(plan.number)
  const members = await tx.member.count({ where: { organizationId: plan.orgId } })
  const person = { id: ctx.actor.userId ?? '', role: ctx.actor.role }
  const refusal = mayApprove(ruling, person, authorsOf(plan, revision), members, org.policy.criticalAlone)
  if (refusal) throw new ServiceError('forbidden', refusal)
  if (input.quote !== null && !ruling.typedConsent)
    throw new ServiceError('forbidden', `${label} needs the button on its card: ${ruling.reason}.`)
  if (!ruling.typedName) return
  const name = content.confirmName ?? label
  if (input.typedName !== name) throw new ServiceError('invalid', `Type ${name} to approve ${label}.`)
}

async function stale(tx: Tx, ctx: Ctx, plan: PlanModel, drift: Drift[]): Promise<Decided> {
  const label = planLabel(plan.number)
  const why = drift
    .slice(0, 3)
    .map((d) => `${d.text}: was ${d.was}, is ${d.is}`)
    .join('; ')
  const moved = await tx.plan.update({
    where: { id: plan.id },
    data: { state: 'stale', stateReason: why, version: { increment: 1 } },
  })
  await appendAudit(tx, ctx, 'plan.stale', `${label} r${plan.revision}`, { why })
  await recordPlanEvent(tx, moved, 'plan.finished')
  return { planId: plan.id, label, state: 'stale', text: `${label} is stale, nothing was changed: ${why}.` }
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
