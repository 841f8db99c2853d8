import { nameText } from '@clawbernetes/protocol/text'
import * as z from 'zod'
import { type Ctx, requirePermission } from '../context'
import { notFound } from '../errors'
import { appendAudit } from '../log/append-audit'
import { parseInput } from '../parse-input'
import { recordThreadEvent } from './record-thread-event'

export const renameThreadInput = z.object({ threadId: z.string().max(60), title: nameText(120) })

export async function renameThread({
  ctx,
  input: raw,
}: {
  ctx: Ctx
  input: z.input<typeof renameThreadInput>
}): Promise<void> {
  requirePermission(ctx, 'chat')
  const { threadId, title } = parseInput(renameThreadInput, raw)
  await ctx.db.$transaction(async (tx) => {
    const thread = await tx.thread.findFirst({
      where: { id: threadId, orgId: ctx.actor.orgId },
      select: { updatedAt: true },
    })
    if (!thread) throw notFound('thread')
    // A new name is not a new message: the thread keeps its place in time.
    await tx.thread.update({
      where: { id: threadId },
      data: { title, titledByHand: true, updatedAt: thread.updatedAt },
    })
    await appendAudit(tx, ctx, 'thread.renamed', threadId, { title })
    await recordThreadEvent(tx, ctx.actor.orgId, threadId, 'thread.renamed', threadId, 0)
  })
}
