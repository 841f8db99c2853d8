import { planContent } from '@clawbernetes/protocol/plans/content'
import { type StepKind, stepArgs } from '@clawbernetes/protocol/plans/steps'
import type { PlanModel, PlanStepModel } from '@clawbernetes/db/rows'
import { mayApprove } from '@clawbernetes/domain/approvals/policy'
import type { SystemCtx } from '../context'
import { ServiceError } from '../errors'
import { actorOfMember } from '../identity/actor-of-member'
import { observeDrift } from './observe-facts'
import { type OrgPolicy, readPolicy, rulingFor } from './org-policy'

export interface ClaimedStep {
  id: string
  version: number
  attempt: number
  kind: StepKind
  /** Parsed by the schema of its kind. */
  args: unknown
  orgId: string
  planId: string
  planNumber: number
  ordinal: number
  proposedBy: string
  startedAt: Date
}

export type Claim =
  | { go: true; step: ClaimedStep }
  /** Nothing to do: it is finished, or another worker has it. */
  | { go: false; why: 'gone' }
  /** The plan must end here; `finishStep` was not called yet. */
  | { go: false; why: 'stop'; step: ClaimedStep; state: 'stale' | 'cancelled' | 'failed'; reason: string }
  /** The emergency stop is on: look again later. */
  | { go: false; why: 'frozen'; step: ClaimedStep }

/**
 * Takes one step for one attempt. Before every step: is the plan still to go on, may the proposer and the approvers still do
 * this, does the policy still allow it? Before the first one also: are the material facts what was approved?
 */
export async function claimStep(sys: SystemCtx, input: { stepId: string }): Promise<Claim> {
  const taken = await takeStep(sys, input.stepId)
  if (!taken) return { go: false, why: 'gone' }
  const { row, startedAt } = taken
  const step = toClaimed(row, row.plan, startedAt)
  const policy = await readPolicy(sys.db, row.orgId)
  if (policy.frozen) return { go: false, why: 'frozen', step }
  if (row.plan.cancelRequestedAt)
    return { go: false, why: 'stop', step, state: 'cancelled', reason: 'A person stopped it.' }
  const stop = await mustStop(sys, row, row.plan, policy)
  return stop ? { go: false, why: 'stop', step, ...stop } : { go: true, step }
}

/** Another attempt may write its outcome between our read and our claim; what it left is then looked at anew. */
const CLAIM_TRIES = 10

async function takeStep(
  sys: SystemCtx,
  stepId: string,
): Promise<{ row: PlanStepModel & { plan: PlanModel }; startedAt: Date } | null> {
  for (let tried = 0; tried < CLAIM_TRIES; tried++) {
    const row = await sys.db.planStep.findUnique({ where: { id: stepId }, include: { plan: true } })
    if (!row || !['pending', 'waiting', 'running'].includes(row.state)) return null
    if (row.plan.state !== 'approved' && row.plan.state !== 'running') return null
    const startedAt = row.startedAt ?? sys.now()
    // A running step here is one whose worker died, or one that was woken while it was looking: this attempt takes it over,
    // and the old owner's result will not fit the version.
    const moved = await sys.db.planStep.updateMany({
      where: { id: row.id, version: row.version },
      data: {
        state: 'running',
        startedAt,
        attempt: row.state === 'waiting' ? row.attempt : row.attempt + 1,
        version: { increment: 1 },
      },
    })
    if (moved.count > 0) return { row, startedAt }
  }
  return null
}

function toClaimed(row: PlanStepModel, plan: PlanModel, startedAt: Date): ClaimedStep {
  const kind = row.kind as StepKind
  return {
    id: row.id,
    version: row.version + 1,
    attempt: row.attempt + (row.state === 'waiting' ? 0 : 1),
    kind,
    args: stepArgs[kind].parse(row.args),
    orgId: row.orgId,
    planId: row.planId,
    planNumber: plan.number,
    ordinal: row.ordinal,
    proposedBy: plan.proposedBy,
    startedAt,
  }
}

async function mustStop(
  sys: SystemCtx,
  row: PlanStepModel,
  plan: PlanModel,
  policy: OrgPolicy,
): Promise<{ state: 'stale' | 'failed'; reason: string } | null> {
  const revision = await sys.db.planRevision.findUnique({
    where: { planId_revision: { planId: plan.id, revision: row.revision } },
  })
  if (!revision) return { state: 'failed', reason: 'Its revision is gone.' }
  const content = planContent.parse(revision.content)
  const rights = await rightsLost(sys, plan, row.revision, policy, content.risk, content.origin.untrusted.length > 0)
  if (rights) return { state: 'failed', reason: rights }
  const untouched = row.ordinal === 0 && row.attempt === 0
  if (!untouched) return null
  const drift = await observeDrift(sys.db, plan.orgId, content.facts, sys.now())
  if (drift.length === 0) return null
  return {
    state: 'stale',
    reason: drift
      .slice(0, 3)
      .map((d) => `${d.text}: was ${d.was}, is ${d.is}`)
      .join('; '),
  }
}

/** A person removed or demoted in between takes their plan with them. */
async function rightsLost(
  sys: SystemCtx,
  plan: PlanModel,
  revision: number,
  policy: OrgPolicy,
  risk: Parameters<typeof rulingFor>[1],
  tainted: boolean,
): Promise<string | null> {
  if (plan.proposedBy === 'system') return null
  try {
    await actorOfMember(sys.db, plan.orgId, plan.proposedBy, 'person', 'worker')
    const ruling = rulingFor(policy, risk, tainted)
    if (plan.decidedBy === 'policy')
      return ruling.answer === 'auto' ? null : 'The policy no longer lets this run by itself.'
    const members = await sys.db.member.count({ where: { organizationId: plan.orgId } })
    for (const { userId } of await sys.db.approval.findMany({
      where: { planId: plan.id, revision, decision: 'approve' },
      select: { userId: true },
    })) {
      const approver = await actorOfMember(sys.db, plan.orgId, userId, 'person', 'worker')
      const lost = mayApprove(ruling, { id: userId, role: approver.role }, plan.proposedBy, members === 1)
      if (lost) return `${approver.userName} may no longer approve this.`
    }
    return null
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'forbidden')
      return 'A person who asked for or approved this is no longer a member.'
    throw error
  }
}
