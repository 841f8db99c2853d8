import { nameText } from '@clawbernetes/protocol/text'
import type { CreatedJoinToken } from '@clawbernetes/protocol/views/join-token'
import * as z from 'zod'
import { type Ctx, newId, requirePermission } from '../context'
import { ServiceError } from '../errors'
import { appendAudit } from '../log/append-audit'
import { parseInput } from '../parse-input'
import { newJoinTokenSecret } from './join-token-secret'
import { joinTokenView } from './join-token-view'

const DAY_MINUTES = 24 * 60

export const createJoinTokenInput = z.object({
  label: nameText(80),
  maxUses: z.number().int().min(1).max(1000).default(1),
  expiresInMinutes: z
    .number()
    .int()
    .min(1)
    .max(90 * DAY_MINUTES)
    .default(DAY_MINUTES),
  demo: z.boolean().default(false),
})

/** Makes a join token. The answer is the only place where the token itself appears: only its hash is kept. */
export async function createJoinToken({
  ctx,
  input,
}: {
  ctx: Ctx
  input: z.input<typeof createJoinTokenInput>
}): Promise<CreatedJoinToken> {
  requirePermission(ctx, 'manageNodes')
  const { userId, userName, orgId } = ctx.actor
  if (!userId && ctx.actor.kind !== 'system') throw new ServiceError('unauthenticated', 'Sign in to make a join token.')
  const { label, maxUses, expiresInMinutes, demo } = parseInput(createJoinTokenInput, input)
  const { token, tokenHash, hint } = newJoinTokenSecret()
  const now = ctx.now()
  const row = await ctx.db.$transaction(async (tx) => {
    const data = {
      id: newId('joinToken', now),
      orgId,
      label,
      tokenHash,
      hint,
      maxUses,
      demo,
      expiresAt: new Date(now.getTime() + expiresInMinutes * 60_000),
      createdBy: userId ?? 'system',
      createdAt: now,
    }
    const created = await tx.joinToken.create({ data })
    await appendAudit(tx, ctx, 'join-token.create', created.id, {
      label,
      maxUses,
      demo,
      expiresAt: created.expiresAt.toISOString(),
    })
    return created
  })
  return { token, joinToken: joinTokenView(row, now, new Map([[row.createdBy, userName]]), []) }
}
