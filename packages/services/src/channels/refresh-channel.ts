import { type Ctx, requirePermission } from '../context'
import { notFound } from '../errors'
import { enqueue } from '../jobs/enqueue'

/** Has a worker try the tokens again and read the channels anew. */
export async function refreshChannel({ ctx, input }: { ctx: Ctx; input: { connectionId: string } }): Promise<void> {
  requirePermission(ctx, 'manageChannels')
  const row = await ctx.db.channelConnection.findFirst({ where: { id: input.connectionId, orgId: ctx.actor.orgId } })
  if (!row) throw notFound('connection')
  await enqueue(ctx.db, 'channel-check', { connectionId: row.id }, { key: `channel-check:${row.id}` })
}
