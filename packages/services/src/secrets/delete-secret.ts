import type { StepArgs } from '@clawbernetes/protocol/plans/steps'
import { type Ctx, requirePermission } from '../context'
import { ServiceError } from '../errors'
import { appendAudit } from '../log/append-audit'
import { secretUses } from './secret-uses'

/**
 * Removes a secret with every version of its value. A repeat of the step finds it gone. Throws `conflict` when it was rotated since
 * the plan was made, or when a workload that runs would not find it at its next start.
 */
export async function deleteSecret({ ctx, input }: { ctx: Ctx; input: StepArgs<'delete-secret'> }): Promise<void> {
  requirePermission(ctx, 'propose')
  const { orgId } = ctx.actor
  await ctx.db.$transaction(async (tx) => {
    await tx.$queryRaw`select 1 from "secret" where org_id = ${orgId} and name = ${input.name} for update`
    const known = await tx.secret.findUnique({ where: { orgId_name: { orgId, name: input.name } } })
    if (!known) return
    if (known.version !== input.version)
      throw new ServiceError('conflict', `${input.name} was rotated since: it is at version ${known.version}.`)
    const users = (await secretUses(tx, orgId)).filter((use) => use.secret === input.name)
    if (users.length > 0)
      throw new ServiceError('conflict', `${input.name} is used by ${users.map((use) => use.name).join(', ')}.`)
    await tx.secret.delete({ where: { id: known.id } })
    await appendAudit(tx, ctx, 'secret.delete', input.name, { version: known.version })
  })
}
