import { planContent } from '@clawbernetes/protocol/plans/content'
import * as z from 'zod'
import { type Ctx, requirePermission } from '../context'
import { notFound, ServiceError } from '../errors'
import { appendAudit } from '../log/append-audit'
import { parseInput } from '../parse-input'
import { planLabel } from '../plans/plan-digest'
import { recordPlanEvent } from '../plans/record-plan-event'
import { seal } from './seal'

const MAX_BYTES = 16_384

export const putSecretValueInput = z.object({
  planId: z.string().max(60),
  revision: z.number().int().min(1),
  value: z
    .string()
    .min(1, 'Enter the value.')
    .max(MAX_BYTES, 'At most 16,384 characters.')
    .refine((v) => !v.includes('\0'), 'A value cannot hold a zero byte.'),
})

/**
 * Takes the value that a person typed into a plan's secret field: sealed at once, bound to this plan and revision, and never
 * shown again. Entering it again replaces it. It approves nothing.
 */
export async function putSecretValue({
  ctx,
  input: raw,
}: {
  ctx: Ctx
  input: z.input<typeof putSecretValueInput>
}): Promise<{ entered: true }> {
  requirePermission(ctx, 'propose')
  if (ctx.actor.kind !== 'person' || !ctx.actor.userId)
    throw new ServiceError('forbidden', 'Only a person can enter the value of a secret.')
  const { planId, revision, value } = parseInput(putSecretValueInput, raw)
  const sealed = seal(value)
  const enteredBy = ctx.actor.userId
  await ctx.db.$transaction(async (tx) => {
    await tx.$queryRaw`select 1 from "plan" where id = ${planId} and org_id = ${ctx.actor.orgId} for update`
    const plan = await tx.plan.findFirst({ where: { id: planId, orgId: ctx.actor.orgId } })
    if (!plan) throw notFound('plan')
    if (plan.state !== 'proposed')
      throw new ServiceError('conflict', `${planLabel(plan.number)} takes no value any more: it is ${plan.state}.`)
    if (plan.revision !== revision)
      throw new ServiceError('conflict', `${planLabel(plan.number)} is at r${plan.revision} already. Look at it first.`)
    const row = await tx.planRevision.findUniqueOrThrow({ where: { planId_revision: { planId, revision } } })
    const field = planContent.parse(row.content).secretValue
    if (!field) throw new ServiceError('invalid', `${planLabel(plan.number)} needs no secret value.`)
    const data = { orgId: plan.orgId, sealed, enteredBy, enteredAt: ctx.now() }
    await tx.secretDraft.upsert({
      where: { planId_revision: { planId, revision } },
      create: { planId, revision, ...data },
      update: data,
    })
    await appendAudit(tx, ctx, 'secret.value-entered', `${planLabel(plan.number)} r${revision}`, { name: field.name })
    const changed = await tx.plan.update({ where: { id: planId }, data: { version: { increment: 1 } } })
    await recordPlanEvent(tx, changed, 'plan.revised')
  })
  return { entered: true }
}
