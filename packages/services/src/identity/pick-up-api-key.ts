import { type Ctx, requirePermission, type SystemCtx, systemActor } from '../context'
import { notFound, ServiceError } from '../errors'
import { appendAudit } from '../log/append-audit'
import { unseal } from '../secrets/seal'

/** Gives the key that a plan made to its owner, once. Afterwards only its hash is left. */
export async function pickUpApiKey({
  ctx,
  input,
}: {
  ctx: Ctx
  input: { apiKeyId: string }
}): Promise<{ token: string }> {
  requirePermission(ctx, 'read')
  if (ctx.actor.kind !== 'person' || ctx.actor.apiKey)
    throw new ServiceError('forbidden', 'A key is picked up by its owner, signed in on Settings > API keys.')
  return ctx.db.$transaction(async (tx) => {
    // The second of two who look at the same moment waits here and then finds nothing.
    await tx.$queryRaw`select 1 from "api_key" where id = ${input.apiKeyId} for update`
    const row = await tx.apiKey.findFirst({
      where: { id: input.apiKeyId, orgId: ctx.actor.orgId, userId: ctx.actor.userId ?? '' },
    })
    if (!row) throw notFound('API key')
    if (!row.sealed || !row.sealedUntil || row.sealedUntil <= ctx.now())
      throw new ServiceError('conflict', `${row.name} was shown already or its time is over. Make a new key.`)
    const token = unseal(row.sealed)
    await tx.apiKey.update({ where: { id: row.id }, data: { sealed: null, sealedUntil: null } })
    await appendAudit(tx, ctx, 'api-key.pick-up', row.name, { id: row.id })
    return { token }
  })
}

/** Keys that nobody picked up in time are of no use to anybody: they are forgotten and revoked. */
export async function dropUnclaimedApiKeys(sys: SystemCtx): Promise<number> {
  const late = await sys.db.apiKey.findMany({
    where: { sealed: { not: null }, sealedUntil: { lte: sys.now() } },
    select: { id: true, orgId: true, name: true },
    take: 100,
  })
  for (const { id, orgId, name } of late)
    await sys.db.$transaction(async (tx) => {
      const { count } = await tx.apiKey.updateMany({
        where: { id, sealed: { not: null }, sealedUntil: { lte: sys.now() } },
        data: { sealed: null, sealedUntil: null, revokedAt: sys.now(), revokedBy: 'system' },
      })
      if (count === 1)
        await appendAudit(tx, systemActor(sys, orgId), 'api-key.revoke', name, { id, why: 'nobody picked it up' })
    })
  return late.length
}
