import { mayApprove } from '@clawbernetes/domain/approvals/policy'
import { revisionDiff } from '@clawbernetes/domain/plans/revision-diff'
import { planContent, type Risk } from '@clawbernetes/protocol/plans/content'
import type { StepKind } from '@clawbernetes/protocol/plans/steps'
import { can } from '@clawbernetes/protocol/roles'
import type { DecisionView, PlanRights, PlanStepView, PlanView } from '@clawbernetes/protocol/views/plan'
import type { Prisma } from '@clawbernetes/db/rows'
import { allowed, type Ctx, requirePermission } from '../context'
import { notFound } from '../errors'
import { type Drift, observeDrift } from './observe-facts'
import { readPolicy, rulingFor } from './org-policy'
import { planLabel } from './plan-digest'
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
    risk: revision.risk as Risk,
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
    approvalsNeeded: revision.approvalsNeeded,
    decisions: row.approvals.filter((a) => a.revision === revision.revision).map((a) => decisionView(a, names)),
    steps: row.steps.filter((s) => s.revision === revision.revision).map(stepView),
    outcome: planOutcome(row, row.steps),
    editedBy: revision.editedBy ? (names.get(revision.editedBy) ?? null) : null,
    revisionDiff: before ? revisionDiff(planContent.parse(before.content), content) : [],
    rights: await rights(ctx, row, content, current, drift),
    drift,
    serverNow: ctx.now().toISOString(),
  }
}

async function userNames(ctx: Ctx, row: Row): Promise<Map<string, string>> {
  const ids = [
    row.proposedBy,
    ...row.approvals.map((a) => a.userId),
    ...row.revisions.map((r) => r.editedBy ?? ''),
  ].filter(Boolean)
  const users = await ctx.db.user.findMany({ where: { id: { in: ids } }, select: { id: true, name: true } })
  return new Map([...users.map((u) => [u.id, u.name] as const), ['system', 'Clawbernetes'] as const])
}

async function rights(
  ctx: Ctx,
  row: Row,
  content: PlanView['content'],
  current: boolean,
  drift: Drift[],
): Promise<PlanRights> {
  const none: PlanRights = { approve: false, reject: false, edit: false, cancel: false, undo: false, why: null }
  const operator = allowed(ctx, 'propose')
  const decides = ctx.actor.scopes?.includes('approve') ?? true
  if (!current) return { ...none, why: `This revision was replaced by r${row.revision}.` }
  if (row.state === 'approved' || row.state === 'running')
    return { ...none, cancel: operator && row.cancelRequestedAt === null }
  if (row.state === 'succeeded') return { ...none, undo: operator && content.undo.tool !== null }
  if (row.state !== 'proposed') return none
  const policy = await readPolicy(ctx.db, row.orgId)
  const members = await ctx.db.member.count({ where: { organizationId: row.orgId } })
  const ruling = rulingFor(policy, content.risk, content.origin.untrusted.length > 0)
  const refusal = mayApprove(
    ruling,
    { id: ctx.actor.userId ?? '', role: ctx.actor.role },
    row.proposedBy,
    members === 1,
  )
  const mine = row.approvals.some((a) => a.userId === ctx.actor.userId && a.revision === row.revision)
  const moved = drift[0] ? `The fleet changed: ${drift[0].text}: was ${drift[0].was}, is ${drift[0].is}.` : null
  const why = policy.frozen
    ? 'The emergency stop is on.'
    : row.expiresAt <= ctx.now()
      ? 'It has expired.'
      : (moved ??
        (mine
          ? 'You have approved; it waits for another person.'
          : (refusal ?? (decides ? null : 'This API key has no scope approve.'))))
  return {
    approve: why === null,
    reject: can(ctx.actor.role, 'propose') && decides,
    edit: operator && content.editable.length > 0,
    cancel: operator,
    undo: false,
    why,
  }
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
