import { inert, plainText } from '@clawbernetes/protocol/text'
import * as z from 'zod'
import { MAX_MESSAGE_CHARS, type Sent, sendMessage, startThread } from '../chat/send-message'
import { type Ctx, newId, requirePermission, type Tx } from '../context'
import { ServiceError } from '../errors'
import { appendAudit } from '../log/append-audit'
import { seal } from '../secrets/seal'
import { parseInput } from '../parse-input'
import { putPost } from './put-post'

/** In a place without threads a talk that rested this long is over. */
const REST_MS = 12 * 3_600_000

export const receiveMessageInput = z.object({
  connectionId: z.string().max(60),
  channelId: z.string().min(1).max(60),
  /** Slack: the thread's ts, or "dm". Discord: "thread", or the person. */
  threadKey: z.string().min(1).max(80),
  /** Where answers go inside the channel; null: at its end. */
  replyTo: z.string().max(60).nullable(),
  /** The conversation is held in a thread of the platform: it does not end by itself. */
  lasting: z.boolean(),
  /** Begin a new conversation, whatever was said here before. */
  fresh: z.boolean().default(false),
  text: plainText(MAX_MESSAGE_CHARS).refine((t) => t.trim().length > 0, 'Write what you want to know or do.'),
  /** Names this delivery: a repeat of it finds the first message. */
  deliveryKey: z.string().min(8).max(80),
  /** Discord: the token with which the deferred answer is filled in. */
  replyToken: z.string().max(400).nullable().default(null),
})

/** Somebody wrote to the bot: a message of theirs in the thread that belongs to the place, answered there. Deliveries may repeat. */
export async function receiveMessage({
  ctx,
  input: raw,
}: {
  ctx: Ctx
  input: z.input<typeof receiveMessageInput>
}): Promise<Sent> {
  requirePermission(ctx, 'chat')
  const input = parseInput(receiveMessageInput, { ...raw, text: cleaned(raw.text) })
  // Committed before the message: a repeated delivery then finds the thread, and in it the message.
  const threadId = await openThread(ctx, input)
  const sent = await sendMessage({ ctx, input: { threadId, text: input.text, clientKey: input.deliveryKey } })
  if (input.replyToken !== null && sent.runId) {
    await ctx.db.$transaction(async (tx) => {
      await putPost(tx, ctx.now(), {
        orgId: ctx.actor.orgId,
        connectionId: input.connectionId,
        channelId: input.channelId,
        replyTo: input.replyTo,
        kind: 'run',
        subjectId: sent.runId,
        dedupeKey: `run:${sent.runId}`,
        sealedReply: seal(input.replyToken ?? ''),
      })
    })
  }
  return sent
}

/** Invisible characters are taken out instead of refused: phones put them in. Too long a text is refused, a cut one could mean something else. */
function cleaned(text: string): string {
  if (text.length > MAX_MESSAGE_CHARS)
    throw new ServiceError(
      'too-large',
      `That is too long: at most ${MAX_MESSAGE_CHARS.toLocaleString('en')} characters.`,
    )
  return inert(text, MAX_MESSAGE_CHARS).replaceAll('\ufffd', '')
}

async function openThread(ctx: Ctx, input: z.output<typeof receiveMessageInput>): Promise<string> {
  const { connectionId, channelId, threadKey } = input
  return ctx.db.$transaction(async (tx) => {
    const place = `${connectionId} ${channelId} ${threadKey}`
    // Two deliveries of one first message make one conversation.
    await tx.$executeRaw`select pg_advisory_xact_lock(hashtext('channel-thread'), hashtext(${place}))`
    const known = await tx.channelThread.findUnique({
      where: { connectionId_channelId_threadKey: { connectionId, channelId, threadKey } },
    })
    const at = ctx.now()
    if (known) {
      const repeated = await tx.message.findFirst({
        where: { orgId: ctx.actor.orgId, threadId: known.threadId, clientKey: input.deliveryKey },
        select: { id: true },
      })
      const rested = !input.lasting && at.getTime() - known.lastAt.getTime() > REST_MS
      if (repeated || !(rested || input.fresh)) {
        await tx.channelThread.update({ where: { id: known.id }, data: { lastAt: at } })
        return known.threadId
      }
    }
    const begun = (await threadOfCard(tx, ctx, input)) ?? (await startThread(tx, ctx, input.text))
    const data = { threadId: begun.id, lastAt: at, postedSeq: begun.lastSeq }
    await tx.channelThread.upsert({
      where: { connectionId_channelId_threadKey: { connectionId, channelId, threadKey } },
      create: { id: newId('channelThread', at), orgId: ctx.actor.orgId, connectionId, channelId, threadKey, ...data },
      update: data,
    })
    await appendAudit(tx, ctx, 'channel.thread', begun.id, { connection: connectionId, channel: channelId })
    return begun.id
  })
}

/** A reply under a plan's card goes on with the talk in which the plan was made. */
async function threadOfCard(
  tx: Tx,
  ctx: Ctx,
  input: z.output<typeof receiveMessageInput>,
): Promise<{ id: string; lastSeq: number } | null> {
  const card = await tx.channelPost.findFirst({
    where: { connectionId: input.connectionId, channelId: input.channelId, kind: 'plan', externalTs: input.threadKey },
    select: { subjectId: true },
  })
  if (!card) return null
  const plan = await tx.plan.findFirst({
    where: { id: card.subjectId, orgId: ctx.actor.orgId, threadId: { not: null } },
    select: { threadId: true },
  })
  return plan?.threadId
    ? tx.thread.findUnique({ where: { id: plan.threadId }, select: { id: true, lastSeq: true } })
    : null
}
