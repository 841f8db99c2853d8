import { idOf } from '@clawbernetes/protocol/ids'
import * as z from 'zod'
import { type Ctx, requirePermission } from '../context'
import { notFound } from '../errors'
import { appendAudit } from '../log/append-audit'
import { parseInput } from '../parse-input'

export const revokeJoinTokenInput = z.object({ joinTokenId: idOf('joinToken') })

/** No node joins with this token from now on; nodes that already joined stay. Revoking twice is the same as once. */
export async function revokeJoinToken({
  ctx,
  input,
}: {
  ctx: Ctx
  input: z.input<typeof revokeJoinTokenInput>
}): Promise<void> {
  requirePermission(ctx, 'manageNodes')
  const { joinTokenId } = parseInput(revokeJoinTokenInput, input)
  await ctx.db.$transaction(async (tx) => {
    const where = { id: joinTokenId, orgId: ctx.actor.orgId }
    const { count } = await tx.joinToken.updateMany({
      where: { ...where, revokedAt: null },
      data: { revokedAt: ctx.now() },
    })
    if (count === 1) return appendAudit(tx, ctx, 'join-token.revoke', joinTokenId)
    if (!(await tx.joinToken.findFirst({ where, select: { id: true } }))) throw notFound('join token')
  })
}
