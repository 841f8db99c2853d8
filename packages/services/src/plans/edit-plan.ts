import { planContent } from '@clawbernetes/protocol/plans/content'
import * as z from 'zod'
import { type Ctx, requirePermission } from '../context'
import { notFound, ServiceError } from '../errors'
import { enqueue } from '../jobs/enqueue'
import { appendAudit } from '../log/append-audit'
import { parseInput } from '../parse-input'
import { readOrgPolicy, refuseFrozen } from '../policy/read-org-policy'
import { planLabel } from './plan-digest'

export const editPlanInput = z.object({
  planId: z.string().max(60),
  fromRevision: z.number().int().min(1),
  values: z.record(z.string().max(40), z.union([z.string().max(400), z.number(), z.null()])),
})

/**
 * Asks for a plan with other values in its editable fields. The tool that made the plan previews it again on the worker; the
 * new revision comes as an event. Values that the card does not offer are refused here.
 */
export async function editPlan({
  ctx,
  input: raw,
}: {
  ctx: Ctx
  input: z.input<typeof editPlanInput>
}): Promise<{ queued: true }> {
  requirePermission(ctx, 'propose')
  const input = parseInput(editPlanInput, raw)
  await ctx.db.$transaction(async (tx) => {
    await refuseFrozen(tx, await readOrgPolicy(tx, ctx.actor.orgId), 'Nothing is changed')
    const plan = await tx.plan.findFirst({ where: { id: input.planId, orgId: ctx.actor.orgId } })
    if (!plan) throw notFound('plan')
    if (plan.state !== 'proposed')
      throw new ServiceError('conflict', `${planLabel(plan.number)} can no longer be changed: it is ${plan.state}.`)
    if (plan.revision !== input.fromRevision)
      throw new ServiceError(
        'conflict',
        `${planLabel(plan.number)} is at r${plan.revision} already. Look at it before you change it.`,
      )
    const revision = await tx.planRevision.findUniqueOrThrow({
      where: { planId_revision: { planId: plan.id, revision: plan.revision } },
    })
    checkValues(planContent.parse(revision.content).editable, input.values)
    await enqueue(
      tx,
      'plan-edit',
      { planId: plan.id, revision: plan.revision, userId: ctx.actor.userId ?? '', changes: input.values },
      { key: `edit:${plan.id}:${plan.revision}`, maxAttempts: 5 },
    )
    await appendAudit(tx, ctx, 'plan.edit-asked', `${planLabel(plan.number)} r${plan.revision}`, {
      fields: Object.keys(input.values),
    })
  })
  return { queued: true }
}

function checkValues(
  editable: z.output<typeof planContent>['editable'],
  values: Record<string, string | number | null>,
): void {
  for (const [name, value] of Object.entries(values)) {
    const field = editable.find((f) => f.name === name)
    if (!field) throw new ServiceError('invalid', `${name} cannot be changed on this plan.`)
    if (field.input === 'integer' && value !== null) {
      if (typeof value !== 'number' || !Number.isInteger(value))
        throw new ServiceError('invalid', `${field.label} must be a whole number.`)
      if (field.min !== null && value < field.min)
        throw new ServiceError('invalid', `${field.label} must be at least ${field.min}.`)
      if (field.max !== null && value > field.max)
        throw new ServiceError('invalid', `${field.label} must be at most ${field.max}.`)
    }
    if (
      field.input === 'choice' &&
      field.choices &&
      value !== null &&
      !field.choices.some((c) => c.value === String(value))
    )
      throw new ServiceError('invalid', `${field.label}: ${value} is not one of the choices.`)
  }
}
