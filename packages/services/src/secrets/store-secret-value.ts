import type { StepArgs } from '@clawbernetes/protocol/plans/steps'
import { type Ctx, newId, requirePermission } from '../context'
import { ServiceError } from '../errors'
import { appendAudit } from '../log/append-audit'

/** Makes the value that waits in the plan's draft the newest version of the secret. A repeat of the step finds what it stored. */
export async function storeSecretValue({
  ctx,
  input,
}: {
  ctx: Ctx
  input: StepArgs<'store-secret'> & { planId: string; stepId: string }
}): Promise<void> {
  requirePermission(ctx, 'propose')
  const { orgId } = ctx.actor
  await ctx.db.$transaction(async (tx) => {
    if (await tx.secretVersion.findUnique({ where: { stepId: input.stepId }, select: { version: true } })) return
    const draft = await tx.secretDraft.findFirst({ where: { planId: input.planId, orgId } })
    if (!draft) throw new ServiceError('conflict', `No value was entered for ${input.name}.`)
    await tx.$queryRaw`select 1 from "secret" where org_id = ${orgId} and name = ${input.name} for update`
    const known = await tx.secret.findUnique({ where: { orgId_name: { orgId, name: input.name } } })
    if (input.mode === 'create' && known) throw new ServiceError('conflict', `There is already a secret ${input.name}.`)
    if (input.mode === 'rotate' && !known) throw new ServiceError('conflict', `There is no secret ${input.name}.`)
    const at = ctx.now()
    const by = draft.enteredBy
    const secret = known
      ? await tx.secret.update({
          where: { id: known.id },
          data: { version: { increment: 1 }, rotatedBy: by, rotatedAt: at },
        })
      : await tx.secret.create({
          data: {
            id: newId('secret', at),
            orgId,
            name: input.name,
            service: input.service,
            createdBy: by,
            createdAt: at,
          },
        })
    await tx.secretVersion.create({
      data: {
        secretId: secret.id,
        version: secret.version,
        orgId,
        sealed: draft.sealed,
        stepId: input.stepId,
        createdBy: by,
        createdAt: at,
      },
    })
    await tx.secretDraft.deleteMany({ where: { planId: input.planId } })
    await appendAudit(tx, ctx, input.mode === 'create' ? 'secret.create' : 'secret.rotate', input.name, {
      version: secret.version,
    })
  })
}
