import type { Block } from '@clawbernetes/protocol/views/blocks'
import { type Ctx, requirePermission } from '../context'
import { notFound, ServiceError } from '../errors'

/** The words behind a choice button: read from our own record of the message, never from the press. */
export async function readChoice(ctx: Ctx, value: string): Promise<{ text: string; threadId: string; key: string }> {
  requirePermission(ctx, 'chat')
  const match = /^(msg_[0-9a-z]{26}):(\d{1,3}):(\d{1,2})$/.exec(value)
  if (!match?.[1]) throw new ServiceError('invalid', 'This button is not one of ours.')
  const message = await ctx.db.message.findFirst({ where: { id: match[1], orgId: ctx.actor.orgId } })
  if (!message) throw notFound('message')
  const block = (message.blocks as unknown as Block[])[Number(match[2])]
  const option = block?.type === 'choice' ? block.options[Number(match[3])] : undefined
  if (!option) throw notFound('choice')
  // One press per person and choice counts, however often it arrives.
  return {
    text: option.send,
    threadId: message.threadId,
    key: `choice:${value}:${(ctx.actor.userId ?? '').slice(-12)}`,
  }
}
