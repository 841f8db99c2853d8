import { APPROVE_ROLES } from '@clawbernetes/domain/channels/channel-approval'
import { CHANNEL_NOTICES } from '@clawbernetes/protocol/views/channel'
import * as z from 'zod'
import { type Ctx, requirePermission } from '../context'
import { notFound } from '../errors'
import { appendAudit } from '../log/append-audit'
import { parseInput } from '../parse-input'
import { recordChannelEvent } from './record-channel-event'

export const updateChannelInput = z.object({
  connectionId: z.string().max(60),
  approveRole: z.enum(APPROVE_ROLES),
  rooms: z
    .array(
      z.object({
        id: z.string().max(60),
        answers: z.boolean(),
        planWaiting: z.boolean(),
        planFinished: z.boolean(),
        findings: z.boolean(),
        emergency: z.boolean(),
      }),
    )
    .max(500),
})

/** Who may decide from a platform, and what is told in which channel. Nothing older than the change is told. */
export async function updateChannel({
  ctx,
  input: raw,
}: {
  ctx: Ctx
  input: z.input<typeof updateChannelInput>
}): Promise<void> {
  requirePermission(ctx, 'manageChannels')
  const input = parseInput(updateChannelInput, raw)
  await ctx.db.$transaction(async (tx) => {
    const where = { id: input.connectionId, orgId: ctx.actor.orgId }
    const before = await tx.channelConnection.findFirst({ where, include: { rooms: true } })
    if (!before) throw notFound('connection')
    for (const { id, ...flags } of input.rooms) {
      const old = before.rooms.find((r) => r.externalId === id)
      if (!old) continue
      const begins = CHANNEL_NOTICES.some((notice) => flags[notice] && !old[notice])
      await tx.channelRoom.update({
        where: { connectionId_externalId: { connectionId: before.id, externalId: id } },
        data: { ...flags, ...(begins ? { notifySince: ctx.now() } : {}) },
      })
    }
    const row = await tx.channelConnection.update({
      where: { id: before.id },
      data: { approveRole: input.approveRole, version: { increment: 1 } },
    })
    await appendAudit(tx, ctx, 'channel.update', before.id, {
      approveRole: { from: before.approveRole, to: input.approveRole },
      rooms: input.rooms.map((r) => ({ ...r })),
    })
    await recordChannelEvent(tx, row)
  })
}
