import type { PlanContent } from '@clawbernetes/protocol/plans/content'
import type { Prisma, PlanModel } from '@clawbernetes/db/rows'
import { type Ctx, newId, type Tx } from '../context'
import { ServiceError } from '../errors'
import { enqueue } from '../jobs/enqueue'
import { appendAudit } from '../log/append-audit'
import { planLabel } from '../plans/plan-digest'
import { recordPlanEvent } from '../plans/record-plan-event'
import { stepJobKey } from '../plans/step-job-key'

/**
 * The move from proposed to approved: by compare-and-set, with its steps and the first step's job in the same transaction.
 * @param decidedBy the deciding person; null: the policy.
 */
export async function approveInTx(
  tx: Tx,
  ctx: Ctx,
  input: { plan: PlanModel; content: PlanContent; decidedBy: string | null; reason: string },
): Promise<void> {
  const { plan, content } = input
  const at = ctx.now()
  const moved = await tx.plan.updateMany({
    where: { id: plan.id, orgId: plan.orgId, state: 'proposed', revision: plan.revision },
    data: { state: 'approved', decidedAt: at, decidedBy: input.decidedBy ?? 'policy', version: { increment: 1 } },
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
  if (first) await enqueue(tx, 'plan-step', { stepId: first.id }, { key: stepJobKey(first.id) })
  await appendAudit(tx, ctx, 'plan.approved', `${planLabel(plan.number)} r${plan.revision}`, {
    by: input.decidedBy ?? 'policy',
    reason: input.reason,
  })
  await recordPlanEvent(tx, { ...plan, state: 'approved', version: plan.version + 1 }, 'plan.decided')
}
