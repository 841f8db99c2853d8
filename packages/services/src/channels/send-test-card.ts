import * as z from 'zod'
import { type Ctx, newId, requirePermission } from '../context'
import { notFound, ServiceError } from '../errors'
import { appendAudit } from '../log/append-audit'
import { parseInput } from '../parse-input'
import { putPost } from './put-post'

export const sendTestCardInput = z.object({ connectionId: z.string().max(60), roomId: z.string().max(60) })

/** Posts a card that looks like a real one into a channel; it changes nothing. */
export async function sendTestCard({
  ctx,
  input: raw,
}: {
  ctx: Ctx
  input: z.input<typeof sendTestCardInput>
}): Promise<{ postId: string }> {
  requirePermission(ctx, 'manageChannels')
  const input = parseInput(sendTestCardInput, raw)
  return ctx.db.$transaction(async (tx) => {
    const { orgId } = ctx.actor
    const room = await tx.channelRoom.findFirst({
      where: { connectionId: input.connectionId, externalId: input.roomId, orgId },
      include: { connection: true },
    })
    if (!room) throw notFound('channel')
    if (room.connection.state !== 'active')
      throw new ServiceError('conflict', room.connection.problem ?? 'The connection is not active.')
    const at = ctx.now()
    const subjectId = newId('message', at)
    const postId = await putPost(tx, at, {
      orgId,
      connectionId: room.connectionId,
      channelId: room.externalId,
      replyTo: null,
      kind: 'test',
      subjectId,
      dedupeKey: `test:${subjectId}`,
    })
    await appendAudit(tx, ctx, 'channel.test', room.connectionId, { channel: room.name })
    return { postId }
  })
}

/** How far a test card has come. */
export async function readTestCard({
  ctx,
  input,
}: {
  ctx: Ctx
  input: { postId: string }
}): Promise<{ state: string; problem: string | null }> {
  requirePermission(ctx, 'manageChannels')
  const post = await ctx.db.channelPost.findFirst({
    where: { id: input.postId, orgId: ctx.actor.orgId },
    select: { state: true, problem: true },
  })
  if (!post) throw notFound('post')
  return post
}
