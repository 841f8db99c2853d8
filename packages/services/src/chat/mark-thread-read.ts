import * as z from 'zod'
import { type Ctx, requirePermission } from '../context'
import { parseInput } from '../parse-input'

export const markThreadReadInput = z.object({ threadId: z.string().max(60), seq: z.number().int().min(0) })

/** Remembers how far the caller has read; never goes back. A thread of others is left alone without a word. */
export async function markThreadRead({
  ctx,
  input: raw,
}: {
  ctx: Ctx
  input: z.input<typeof markThreadReadInput>
}): Promise<void> {
  requirePermission(ctx, 'read')
  const { threadId, seq } = parseInput(markThreadReadInput, raw)
  const { userId, orgId } = ctx.actor
  if (!userId) return
  await ctx.db.$executeRaw`
    insert into thread_read (thread_id, user_id, org_id, seq, at)
    select t.id, ${userId}, t.org_id, ${seq}, ${ctx.now()} from thread t where t.id = ${threadId} and t.org_id = ${orgId}
    on conflict (thread_id, user_id) do update set seq = greatest(thread_read.seq, excluded.seq), at = excluded.at`
}
