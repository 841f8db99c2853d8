import type { MessageView } from '@clawbernetes/protocol/views/chat'
import * as z from 'zod'
import { type Ctx, requirePermission } from '../context'
import { notFound } from '../errors'
import { parseInput } from '../parse-input'
import { messageViews } from './message-views'

export const listMessagesInput = z.object({
  threadId: z.string().max(60),
  /** Those that came after this one. */
  afterSeq: z.number().int().min(0).nullable().default(null),
  /** Those before this one, the newest of them; without either: the newest of all. */
  beforeSeq: z.number().int().min(1).nullable().default(null),
  limit: z.number().int().min(1).max(100).default(50),
})

/** Messages of a thread, oldest first; `busy`: the agent still has something to say. */
export async function listMessages({
  ctx,
  input: raw,
}: {
  ctx: Ctx
  input: z.input<typeof listMessagesInput>
}): Promise<{ messages: MessageView[]; busy: boolean; more: boolean }> {
  requirePermission(ctx, 'read')
  const { threadId, afterSeq, beforeSeq, limit } = parseInput(listMessagesInput, raw)
  const thread = await ctx.db.thread.findFirst({
    where: { id: threadId, orgId: ctx.actor.orgId },
    select: { id: true },
  })
  if (!thread) throw notFound('thread')
  // Read before the messages: a run that ends in between has its answer among them.
  const active = await ctx.db.agentRun.count({ where: { threadId, state: { in: ['queued', 'running'] } } })
  const forward = afterSeq !== null
  const rows = await ctx.db.message.findMany({
    where: {
      threadId,
      ...(forward ? { seq: { gt: afterSeq } } : beforeSeq === null ? {} : { seq: { lt: beforeSeq } }),
    },
    orderBy: { seq: forward ? 'asc' : 'desc' },
    take: limit + 1,
  })
  const page = rows.slice(0, limit)
  if (!forward) page.reverse()
  return { messages: await messageViews(ctx, page), busy: active > 0, more: rows.length > limit }
}
