import { type Ctx, requirePermission } from '../context'
import { notFound } from '../errors'
import { appendAudit } from '../log/append-audit'
import { recordChannelEvent } from './record-channel-event'

/** Forgets the tokens, who is who, and every message that could still be pressed. */
export async function disconnectChannel({ ctx, input }: { ctx: Ctx; input: { connectionId: string } }): Promise<void> {
  requirePermission(ctx, 'manageChannels')
  await ctx.db.$transaction(async (tx) => {
    const where = { id: input.connectionId, orgId: ctx.actor.orgId }
    const row = await tx.channelConnection.findFirst({ where })
    if (!row) throw notFound('connection')
    await tx.channelConnection.delete({ where: { id: row.id } })
    await appendAudit(tx, ctx, 'channel.disconnect', row.id, { platform: row.kind, team: row.teamName ?? '' })
    await recordChannelEvent(tx, { ...row, version: row.version + 1 })
  })
}
