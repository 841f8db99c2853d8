import * as z from 'zod'
import { type Ctx, requirePermission } from '../context'
import { notFound } from '../errors'
import { appendAudit } from '../log/append-audit'
import { parseInput } from '../parse-input'
import { recordThreadEvent } from './record-thread-event'

export const archiveThreadInput = z.object({ threadId: z.string().max(60), archived: z.boolean() })

/** Puts a conversation away, or brings it back. Nothing in it changes, and what it started goes on. */
export async function archiveThread({
  ctx,
  input: raw,
}: {
  ctx: Ctx
  input: z.input<typeof archiveThreadInput>
}): Promise<void> {
  requirePermission(ctx, 'chat')
  const { threadId, archived } = parseInput(archiveThreadInput, raw)
  await ctx.db.$transaction(async (tx) => {
    const thread = await tx.thread.findFirst({
      where: { id: threadId, orgId: ctx.actor.orgId },
      select: { archivedAt: true, updatedAt: true },
    })
    if (!thread) throw notFound('thread')
    if ((thread.archivedAt !== null) === archived) return
    // Putting away is not talking: the thread keeps its place in time.
    await tx.thread.update({
      where: { id: threadId },
      data: { archivedAt: archived ? ctx.now() : null, updatedAt: thread.updatedAt },
    })
    await appendAudit(tx, ctx, archived ? 'thread.archived' : 'thread.unarchived', threadId)
    await recordThreadEvent(tx, ctx.actor.orgId, threadId, 'thread.archived', threadId, 0)
  })
}
