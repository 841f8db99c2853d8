import type { Ruling } from '@clawbernetes/domain/approvals/policy'
import { revisionDiff } from '@clawbernetes/domain/plans/revision-diff'
import { planContent, type Risk } from '@clawbernetes/protocol/plans/content'
import type { StepKind } from '@clawbernetes/protocol/plans/steps'
import type { DecisionView, PlanStepView, PlanView, QuorumView } from '@clawbernetes/protocol/views/plan'
import type { Prisma } from '@clawbernetes/db/rows'
import { type Ctx, requirePermission } from '../context'
import { countVotes, type Votes } from '../approvals/count-votes'
import { notFound } from '../errors'
import { readOrgPolicy } from '../policy/read-org-policy'
import { ruleRevision } from '../policy/rule-plan'
import { observeDrift } from './observe-facts'
import { planLabel } from './plan-digest'
import { planRights } from './plan-rights'
import { planTiming } from './plan-timing'
import { planPause } from './plan-pause'
import { planOutcome } from './plan-outcome'

const INCLUDE = {
  revisions: { orderBy: { revision: 'asc' } },
  steps: { orderBy: { ordinal: 'asc' } },
  approvals: { orderBy: { createdAt: 'asc' } },
} satisfies Prisma.PlanInclude
type Row = Prisma.PlanGetPayload<{ include: typeof INCLUDE }>

/** Everything a plan card shows. @param input.planId an id, or a label such as "PL-204" */
export async function readPlan({
  ctx,
  input,
}: {
  ctx: Ctx
  input: { planId: string; revision?: number }
}): Promise<PlanView> {
  requirePermission(ctx, 'read')
  const label = /^pl-(\d{1,9})$/i.exec(input.planId)
  const row = await ctx.db.plan.findFirst({
    where: { orgId: ctx.actor.orgId, ...(label ? { number: Number(label[1]) } : { id: input.planId }) },
    include: INCLUDE,
  })
  if (!row) throw notFound('plan')
  const revision = row.revisions.find((r) => r.revision === (input.revision ?? row.revision))
  if (!revision) throw notFound('plan')
  const content = planContent.parse(revision.content)
  const before = row.revisions.find((r) => r.revision === revision.revision - 1)
  const names = await userNames(ctx, row)
  const current = revision.revision === row.revision
  const drift =
    row.state === 'proposed' && current ? await observeDrift(ctx.db, row.orgId, content.facts, ctx.now()) : []
  const org = await readOrgPolicy(ctx.db, row.orgId)
  const at = ctx.now()
  const ruled = row.state === 'proposed' && current ? await ruleRevision(ctx.db, org, revision, content, at) : null
  const votes = ruled ? await countVotes(ctx.db, org, ruled.ruling, row, revision) : null
  const timing = await planTiming(ctx.db, org, row, content, at)
  return {
    id: row.id,
    label: planLabel(row.number),
    number: row.number,
    revision: revision.revision,
    latestRevision: row.revision,
    digest: revision.digest,
    state: row.state,
    stateReason: row.stateReason,
    version: row.version,
    demo: row.demo,
    content,
    // As the policy takes it now: a rule made since may ask for more, never for less.
    risk: ruled?.ruling.risk ?? (revision.risk as Risk),
    proposedBy: {
      id: row.proposedBy,
      name: names.get(row.proposedBy) ?? 'Someone',
      kind: row.proposerKind === 'person' ? 'person' : 'agent',
    },
    threadId: row.threadId,
    createdAt: row.createdAt.toISOString(),
    expiresAt: revision.expiresAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null,
    approvalsNeeded: votes?.needed ?? revision.approvalsNeeded,
    quorum: ruled && votes ? quorumView(ruled.ruling, votes) : null,
    window: timing,
    paused: await planPause(
      ctx.db,
      org,
      row,
      row.steps.filter((step) => step.revision === row.revision),
    ),
    windowOverride: row.windowOverrideBy
      ? { by: names.get(row.windowOverrideBy) ?? 'Someone', reason: row.windowOverrideReason ?? '' }
      : null,
    successor: await successorOf(ctx, row),
    decisions: row.approvals.filter((a) => a.revision === revision.revision).map((a) => decisionView(a, names)),
    steps: row.steps.filter((s) => s.revision === revision.revision).map(stepView),
    outcome: planOutcome(row, row.steps),
    editedBy: revision.editedBy ? (names.get(revision.editedBy) ?? null) : null,
    revisionDiff: before ? revisionDiff(planContent.parse(before.content), content) : [],
    rights: await planRights(ctx, { row, revision, content, org, current, drift, ruling: ruled?.ruling ?? null }),
    secretEntered: content.secretValue ? await secretEntered(ctx, row.id, revision.revision) : null,
    drift,
    serverNow: ctx.now().toISOString(),
  }
}

async function secretEntered(ctx: Ctx, planId: string, revision: number): Promise<PlanView['secretEntered']> {
  const draft = await ctx.db.secretDraft.findUnique({ where: { planId_revision: { planId, revision } } })
  if (!draft) return null
  const by = await ctx.db.user.findUnique({ where: { id: draft.enteredBy }, select: { name: true } })
  return { by: by?.name ?? 'Someone', at: draft.enteredAt.toISOString() }
}

const quorumView = (ruling: Ruling, votes: Votes): QuorumView => ({
  needed: votes.needed,
  approver: ruling.approver,
  secondPerson: ruling.needsSecondPerson,
  given: votes.counted.map((vote) => ({ name: vote.name, at: vote.at.toISOString() })),
  lost: votes.lost,
  ruling: ruling.reason,
})

async function successorOf(ctx: Ctx, row: Row): Promise<PlanView['successor']> {
  const next = await ctx.db.plan.findFirst({
    where: { orgId: row.orgId, parentId: row.id },
    orderBy: { number: 'desc' },
    select: { id: true, number: true, state: true },
  })
  return next ? { id: next.id, label: planLabel(next.number), state: next.state } : null
}

async function userNames(ctx: Ctx, row: Row): Promise<Map<string, string>> {
  const ids = [
    row.proposedBy,
    ...row.approvals.map((a) => a.userId),
    ...row.revisions.map((r) => r.editedBy ?? ''),
    row.windowOverrideBy ?? '',
  ].filter(Boolean)
  const users = await ctx.db.user.findMany({ where: { id: { in: ids } }, select: { id: true, name: true } })
  return new Map([...users.map((u) => [u.id, u.name] as const), ['system', 'Clawbernetes'] as const])
}

const decisionView = (a: Row['approvals'][number], names: Map<string, string>): DecisionView => ({
  userId: a.userId,
  userName: names.get(a.userId) ?? 'Someone',
  decision: a.decision === 'approve' ? 'approve' : 'reject',
  reason: a.reason,
  via: a.via,
  quote: a.quote,
  selfApproved: a.selfApproved,
  at: a.createdAt.toISOString(),
})

const stepView = (s: Row['steps'][number]): PlanStepView => ({
  id: s.id,
  ordinal: s.ordinal,
  kind: s.kind as StepKind,
  title: s.title,
  state: s.state,
  attempt: s.attempt,
  progress: s.progress,
  error: s.error,
  startedAt: s.startedAt?.toISOString() ?? null,
  finishedAt: s.finishedAt?.toISOString() ?? null,
})
