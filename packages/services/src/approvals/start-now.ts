import { nameText } from '@clawbernetes/protocol/text'
import * as z from 'zod'
import { type Ctx, requirePermission } from '../context'
import { notFound, ServiceError } from '../errors'
import { enqueue } from '../jobs/enqueue'
import { appendAudit } from '../log/append-audit'
import { parseInput } from '../parse-input'
import { planLabel } from '../plans/plan-digest'
import { recordPlanEvent } from '../plans/record-plan-event'
import { stepJobKey } from '../plans/step-job-key'
import { holdOrgPolicy, refuseFrozen } from '../policy/read-org-policy'

export const startNowInput = z.object({ planId: z.string().max(60), reason: nameText(200) })

/** Lets an approved plan start outside of its maintenance window. An administrator's call, with the reason in the audit. */
export async function startNow({
  ctx,
  input: raw,
}: {
  ctx: Ctx
  input: z.input<typeof startNowInput>
}): Promise<{ started: true }> {
  requirePermission(ctx, 'managePolicy')
  const { planId, reason } = parseInput(startNowInput, raw)
  return ctx.db.$transaction(async (tx) => {
    const org = await holdOrgPolicy(tx, ctx.actor.orgId)
    await refuseFrozen(tx, org, 'Nothing starts')
    await tx.$queryRaw`select 1 from "plan" where id = ${planId} and org_id = ${ctx.actor.orgId} for update`
    const plan = await tx.plan.findFirst({ where: { id: planId, orgId: ctx.actor.orgId } })
    if (!plan) throw notFound('plan')
    const label = planLabel(plan.number)
    if (plan.state !== 'approved' || plan.notBefore === null || plan.windowOverrideBy)
      throw new ServiceError('conflict', `${label} is not waiting for a window: it is ${plan.state}.`)
    const started = await tx.plan.update({
      where: { id: plan.id },
      data: {
        windowOverrideBy: ctx.actor.userId,
        windowOverrideReason: reason,
        notBefore: null,
        version: { increment: 1 },
      },
    })
    const first = await tx.planStep.findFirst({ where: { planId: plan.id, revision: plan.revision, ordinal: 0 } })
    if (first) await enqueue(tx, 'plan-step', { stepId: first.id }, { key: stepJobKey(first.id) })
    await appendAudit(tx, ctx, 'plan.window-overridden', `${label} r${plan.revision}`, {
      reason,
      wasToStart: plan.notBefore.toISOString(),
    })
    await recordPlanEvent(tx, started, 'plan.step')
    return { started: true }
  })
}
