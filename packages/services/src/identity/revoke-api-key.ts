import * as z from 'zod'
import { allowed, type Ctx, requirePermission, requireScope } from '../context'
import { notFound } from '../errors'
import { appendAudit } from '../log/append-audit'
import { parseInput } from '../parse-input'

export const revokeApiKeyInput = z.object({ apiKeyId: z.string().max(60) })

/** No call with this key gets through from now on. One's own, or anybody's for those who manage members. Twice is the same as once. */
export async function revokeApiKey({
  ctx,
  input: raw,
}: {
  ctx: Ctx
  input: z.input<typeof revokeApiKeyInput>
}): Promise<{ name: string }> {
  requirePermission(ctx, 'read')
  // A program that may only look must not be able to lock its owner's other programs out.
  requireScope(ctx, 'manage')
  const { apiKeyId } = parseInput(revokeApiKeyInput, raw)
  return ctx.db.$transaction(async (tx) => {
    const row = await tx.apiKey.findFirst({
      where: {
        id: apiKeyId,
        orgId: ctx.actor.orgId,
        ...(allowed(ctx, 'manageMembers') ? {} : { userId: ctx.actor.userId ?? '' }),
      },
    })
    if (!row) throw notFound('API key')
    const { count } = await tx.apiKey.updateMany({
      where: { id: row.id, revokedAt: null },
      data: { revokedAt: ctx.now(), revokedBy: ctx.actor.userId, sealed: null, sealedUntil: null },
    })
    if (count === 1) await appendAudit(tx, ctx, 'api-key.revoke', row.name, { id: row.id, of: row.userId })
    return { name: row.name }
  })
}
