import type { PlanContent } from '@clawbernetes/protocol/plans/content'
import { planContent } from '@clawbernetes/protocol/plans/content'
import { type StepKind, stepArgs } from '@clawbernetes/protocol/plans/steps'
import type { PlanModel, PlanRevisionModel, PlanStepModel } from '@clawbernetes/db/rows'
import { countVotes } from '../approvals/count-votes'
import type { SystemCtx } from '../context'
import { ServiceError } from '../errors'
import { actorOfMember } from '../identity/actor-of-member'
import { enqueue } from '../jobs/enqueue'
import { type OrgPolicy, readOrgPolicy } from '../policy/read-org-policy'
import { planScope, rulePlan, ruleRevision } from '../policy/rule-plan'
import { NO_OPENING_MS, planWindow } from '../policy/start-time'
import { observeDrift } from './observe-facts'
import { recordPlanEvent } from './record-plan-event'
import { stepJobKey } from './step-job-key'

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
  /**
   * Nothing to do now. gone: it is finished, or another worker has it · frozen: the emergency stop is on, lifting it makes the
   * job anew · later: its maintenance window is not open, the job comes when it is.
   */
  | { go: false; why: 'gone' | 'frozen' | 'later' }
  /** The plan must end here; `finishStep` was not called yet. */
  | { go: false; why: 'stop'; step: ClaimedStep; state: 'stale' | 'cancelled' | 'failed'; reason: string }

type Row = PlanStepModel & { plan: PlanModel }

/**
 * Takes one step for one attempt. Before every step: is the plan still to go on, may the proposer and the approvers still do
 * this, does the policy still allow it? Before the first one also: is it the time for it, and are the material facts what was
 * approved?
 */
export async function claimStep(sys: SystemCtx, input: { stepId: string }): Promise<Claim> {
  const seen = await sys.db.planStep.findUnique({ where: { id: input.stepId }, include: { plan: true } })
  if (!seen) return { go: false, why: 'gone' }
  const cancelled = seen.plan.cancelRequestedAt !== null
  const org = await readOrgPolicy(sys.db, seen.orgId)
  // Ending a plan that has not begun changes nothing; ending one that has would undo its work, and so waits as well.
  if (org.frozen && !(cancelled && isUntouched(seen))) return { go: false, why: 'frozen' }
  if (!cancelled && isUntouched(seen) && (await waitsForWindow(sys, seen, org))) return { go: false, why: 'later' }
  const taken = await takeStep(sys, input.stepId)
  if (!taken) return { go: false, why: 'gone' }
  const { row, startedAt } = taken
  const step = toClaimed(row, row.plan, startedAt)
  if (row.plan.cancelRequestedAt)
    return { go: false, why: 'stop', step, state: 'cancelled', reason: 'A person stopped it.' }
  const policy = await readOrgPolicy(sys.db, row.orgId)
  // Stopped between our look and our claim: it goes back as it was.
  if (policy.frozen) return giveBack(sys, row)
  const stop = await mustStop(sys, row, row.plan, policy)
  return stop ? { go: false, why: 'stop', step, ...stop } : { go: true, step }
}

const isUntouched = (row: PlanStepModel): boolean => row.ordinal === 0 && row.attempt === 0

/** Another attempt may write its outcome between our read and our claim; what it left is then looked at anew. */
const CLAIM_TRIES = 10

async function takeStep(sys: SystemCtx, stepId: string): Promise<{ row: Row; startedAt: Date } | null> {
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

async function giveBack(sys: SystemCtx, row: Row): Promise<Claim> {
  await sys.db.planStep.updateMany({
    where: { id: row.id, version: row.version + 1 },
    data: { state: row.state, startedAt: row.startedAt, attempt: row.attempt, version: { increment: 1 } },
  })
  return { go: false, why: 'frozen' }
}

/** Outside of its window: the job is put off to the opening. An administrator may have let it start before. */
async function waitsForWindow(sys: SystemCtx, row: Row, org: OrgPolicy): Promise<boolean> {
  if (row.plan.windowOverrideBy || (org.policy.maintenance.length === 0 && org.policy.quiet.length === 0)) return false
  const revision = await revisionOf(sys, row)
  if (!revision) return false
  const scope = await planScope(sys.db, row.orgId, planContent.parse(revision.content))
  const at = sys.now()
  const window = planWindow(org, scope, at)
  if (window.open) return false
  const notBefore = new Date(window.opensAtMs ?? at.getTime() + NO_OPENING_MS)
  await sys.db.$transaction(async (tx) => {
    await enqueue(tx, 'plan-step', { stepId: row.id }, { key: stepJobKey(row.id), runAt: notBefore })
    const plan = await tx.plan.update({
      where: { id: row.planId },
      data: { notBefore, version: { increment: 1 } },
    })
    await recordPlanEvent(tx, plan, 'plan.step')
  })
  return true
}

const revisionOf = (sys: SystemCtx, row: Row): Promise<PlanRevisionModel | null> =>
  sys.db.planRevision.findUnique({
    where: { planId_revision: { planId: row.planId, revision: row.revision } },
  })

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
  row: Row,
  plan: PlanModel,
  org: OrgPolicy,
): Promise<{ state: 'stale' | 'failed'; reason: string } | null> {
  const revision = await revisionOf(sys, row)
  if (!revision) return { state: 'failed', reason: 'Its revision is gone.' }
  const content = planContent.parse(revision.content)
  const rights = await rightsLost(sys, plan, revision, org, content)
  if (rights) return { state: 'failed', reason: rights }
  if (!isUntouched(row)) return null
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

/** A person removed or demoted in between takes their plan with them, and so does a policy that has become stricter. */
async function rightsLost(
  sys: SystemCtx,
  plan: PlanModel,
  revision: PlanRevisionModel,
  org: OrgPolicy,
  content: PlanContent,
): Promise<string | null> {
  const at = sys.now()
  if (plan.decidedBy === 'policy') {
    if (plan.proposedBy !== 'system' && !(await isMember(sys, plan))) return GONE
    const { ruling } = await rulePlan(sys.db, plan.orgId, org, content, plan.decidedAt ?? at, plan.id)
    return ruling.answer === 'auto' ? null : `The policy no longer lets this run by itself: ${ruling.reason}.`
  }
  if (plan.proposedBy !== 'system' && !(await isMember(sys, plan))) return GONE
  const { ruling } = await ruleRevision(sys.db, org, revision, content, at)
  if (ruling.answer === 'deny') return `The policy refuses this now: ${ruling.reason}.`
  const votes = await countVotes(sys.db, org, ruling, plan, revision)
  const [lost] = votes.lost
  if (lost) return lost.why === 'no longer a member' ? GONE : `${lost.name} may no longer approve this. ${lost.why}`
  return votes.counted.length < votes.needed
    ? `The policy now needs ${votes.needed} approvals; this has ${votes.counted.length}.`
    : null
}

const GONE = 'A person who asked for or approved this is no longer a member.'

async function isMember(sys: SystemCtx, plan: PlanModel): Promise<boolean> {
  try {
    await actorOfMember(sys.db, plan.orgId, plan.proposedBy, 'person', 'worker')
    return true
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'forbidden') return false
    throw error
  }
}
