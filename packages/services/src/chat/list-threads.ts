import type { ThreadView } from '@clawbernetes/protocol/views/chat'
import * as z from 'zod'
import { type Ctx, requirePermission } from '../context'
import { parseInput } from '../parse-input'
import { threadViews } from './thread-view'

export const listThreadsInput = z.object({
  search: z.string().max(200).default(''),
  limit: z.number().int().min(1).max(100).default(30),
})

/** Threads of the organisation, the last used first; `search` looks in titles and messages. */
export async function listThreads({
  ctx,
  input: raw,
}: {
  ctx: Ctx
  input: z.input<typeof listThreadsInput>
}): Promise<ThreadView[]> {
  requirePermission(ctx, 'read')
  const { search, limit } = parseInput(listThreadsInput, raw)
  const contains = { contains: search.trim(), mode: 'insensitive' as const }
  const threads = await ctx.db.thread.findMany({
    where: {
      orgId: ctx.actor.orgId,
      archivedAt: null,
      ...(search.trim() ? { OR: [{ title: contains }, { messages: { some: { text: contains } } }] } : {}),
    },
    orderBy: { updatedAt: 'desc' },
    take: limit,
  })
  return threadViews(ctx, threads)
}
