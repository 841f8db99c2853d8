import type { PlanScope } from '@clawbernetes/domain/approvals/plan-scope'
import type { PlanContent } from '@clawbernetes/protocol/plans/content'
import type { Prisma, PlanModel, PlanRevisionModel } from '@clawbernetes/db/rows'
import { type Ctx, newId, type Tx } from '../context'
import { ServiceError } from '../errors'
import { enqueue } from '../jobs/enqueue'
import { appendAudit } from '../log/append-audit'
import { planLabel } from '../plans/plan-digest'
import { recordPlanEvent } from '../plans/record-plan-event'
import { stepJobKey } from '../plans/step-job-key'
import { missingSecretValue } from '../secrets/missing-secret-value'
import type { OrgPolicy } from '../policy/read-org-policy'
import { NO_OPENING_MS, planWindow, windowWords } from '../policy/start-time'

export interface Approving {
  plan: PlanModel
  revision: PlanRevisionModel
  content: PlanContent
  org: OrgPolicy
  scope: PlanScope
  /** The person whose approval completed it; null: the policy. */
  decidedBy: string | null
  reason: string
  approvers: string[]
  /** One of the approvers had asked for it. */
  selfApproved: boolean
}

/**
 * The move from proposed to approved: by compare-and-set, with its steps and the first step's job in the same transaction. Outside
 * of a maintenance window the job waits for the opening. Returns the words for that, or null when it starts now.
 */
export async function approveInTx(tx: Tx, ctx: Ctx, input: Approving): Promise<{ waits: string | null }> {
  const { plan, revision, content } = input
  const missing = await missingSecretValue(tx, plan, content)
  if (missing) throw new ServiceError('conflict', missing)
  const at = ctx.now()
  const window = planWindow(input.org, input.scope, at)
  const notBefore = window.open ? null : new Date(window.opensAtMs ?? at.getTime() + NO_OPENING_MS)
  const moved = await tx.plan.updateMany({
    where: { id: plan.id, orgId: plan.orgId, state: 'proposed', revision: plan.revision },
    data: {
      state: 'approved',
      decidedAt: at,
      decidedBy: input.decidedBy ?? 'policy',
      notBefore,
      version: { increment: 1 },
    },
  })
  if (moved.count === 0) throw new ServiceError('conflict', `${planLabel(plan.number)} was decided a moment ago.`)
  const steps = content.steps.map((step, ordinal) => ({
    id: newId('step', at),
    orgId: plan.orgId,
    planId: plan.id,
    revision: plan.revision,
    ordinal,
    kind: step.kind,
    args: step.args as Prisma.InputJsonObject,
    title: step.title,
  }))
  await tx.planStep.createMany({ data: steps })
  const first = steps[0]
  if (first)
    await enqueue(
      tx,
      'plan-step',
      { stepId: first.id },
      { key: stepJobKey(first.id), ...(notBefore ? { runAt: notBefore } : {}) },
    )
  const waits = window.open ? null : windowWords(window)
  await appendAudit(tx, ctx, 'plan.approved', `${planLabel(plan.number)} r${plan.revision}`, {
    by: input.decidedBy ?? 'policy',
    approvers: input.approvers,
    reason: input.reason,
    digest: revision.digest,
    policyVersion: input.org.version,
    ...(input.selfApproved ? { selfApproved: true } : {}),
    ...(waits ? { waits } : {}),
  })
  await recordPlanEvent(tx, { ...plan, state: 'approved', version: plan.version + 1 }, 'plan.decided')
  return { waits }
}
