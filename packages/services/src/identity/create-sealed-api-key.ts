import type { ApiScope } from '@clawbernetes/protocol/permissions'
import { type Ctx, requirePermission } from '../context'
import { appendAudit } from '../log/append-audit'
import { seal } from '../secrets/seal'
import { newApiKeySecret } from './api-key-secret'
import { auditOf, insertApiKey } from './create-api-key'

/** So long a key that a plan made waits for its owner; then it is revoked. */
const PICK_UP_MS = 10 * 60_000

/** A plan's step makes a key for the person who asked. Nobody sees it but its owner, once; a repeat of the step makes no second one. */
export async function createSealedApiKey({
  ctx,
  input,
}: {
  ctx: Ctx
  input: { name: string; scopes: ApiScope[]; expiresInDays: number | null; stepId: string }
}): Promise<void> {
  requirePermission(ctx, 'propose')
  await ctx.db.$transaction(async (tx) => {
    if (await tx.apiKey.findUnique({ where: { createdByStep: input.stepId }, select: { id: true } })) return
    const { token, hash, hint } = newApiKeySecret()
    const until = new Date(ctx.now().getTime() + PICK_UP_MS)
    const { stepId, ...key } = input
    const created = await insertApiKey(tx, ctx, {
      ...key,
      hash,
      hint,
      sealed: { text: seal(token), until, byStep: stepId },
    })
    await appendAudit(tx, ctx, 'api-key.create', created.name, auditOf(created))
  })
}
