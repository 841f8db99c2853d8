import { maskSecrets } from '@clawbernetes/domain/chat/mask-secrets'
import { threadTitle } from '@clawbernetes/domain/chat/thread-title'
import { plainText } from '@clawbernetes/protocol/text'
import { type MessageModel, Prisma } from '@clawbernetes/db/rows'
import * as z from 'zod'
import { type Ctx, newId, requirePermission, type Tx } from '../context'
import { notFound, ServiceError } from '../errors'
import { enqueue } from '../jobs/enqueue'
import { appendAudit } from '../log/append-audit'
import { parseInput } from '../parse-input'
import { recordThreadEvent } from './record-thread-event'

/** A person's message: long enough for a pasted log, far below what would hurt. */
export const MAX_MESSAGE_CHARS = 20_000

export const pageContext = z.object({
  page: z.string().max(300),
  node: z.string().max(80).optional(),
  gpu: z.number().int().min(0).max(255).optional(),
  workload: z.string().max(80).optional(),
  plan: z.string().max(80).optional(),
  selection: z
    .object({
      kind: z.enum(['gpus', 'nodes', 'workloads', 'log-lines', 'chart']),
      label: z.string().max(120),
      items: z.array(z.string().max(500)).max(64),
    })
    .optional(),
})

export const sendMessageInput = z.object({
  /** null starts a new thread. */
  threadId: z.string().max(60).nullable().default(null),
  text: plainText(MAX_MESSAGE_CHARS).refine((t) => t.trim().length > 0, 'Write something first.'),
  /** Made by the client for every send: a repeat of it finds the first message. */
  clientKey: z.string().min(8).max(80),
  context: pageContext.nullable().default(null),
})

export interface Sent {
  threadId: string
  messageId: string
  runId: string
}

/**
 * Stores the message, the agent's run and its job in one transaction: what was sent is answered, whatever dies in between.
 * A run that is still going on in the thread goes on; the new one answers after it.
 */
export async function sendMessage({
  ctx,
  input: raw,
}: {
  ctx: Ctx
  input: z.input<typeof sendMessageInput>
}): Promise<Sent> {
  requirePermission(ctx, 'chat')
  const parsed = parseInput(sendMessageInput, raw)
  // What looks like a key or a password is not kept: not in the message, not in the title, not for any planner.
  const input = { ...parsed, text: maskSecrets(parsed.text).text }
  const { userId, orgId } = ctx.actor
  if (!userId) throw new ServiceError('forbidden', 'Only people write messages.')
  try {
    return await ctx.db.$transaction(async (tx) => {
      if (!input.threadId) {
        const first = await findOpening(tx, ctx, input.clientKey)
        if (first) return sentOf(tx, first)
      }
      const { threadId: known, clientKey } = input
      const repeated = known && (await tx.message.findFirst({ where: { orgId, threadId: known, clientKey } }))
      if (repeated) return sentOf(tx, repeated)
      const at = ctx.now()
      const threadId = known ?? (await startThread(tx, ctx, input.text)).id
      // Talking in a conversation that was put away brings it back.
      const seq = await nextSeq(tx, { orgId, threadId, at, unarchive: true })
      if (seq === null) throw notFound('thread')
      const message = await tx.message.create({
        data: {
          id: newId('message', at),
          orgId,
          threadId,
          seq,
          role: 'user',
          authorId: userId,
          text: input.text,
          context: input.context ?? Prisma.DbNull,
          channel: ctx.actor.via,
          clientKey,
          createdAt: at,
        },
        select: { id: true, seq: true, version: true },
      })
      const run = await tx.agentRun.create({
        data: {
          id: newId('run', at),
          orgId,
          threadId,
          onBehalfOf: userId,
          scopes: ctx.actor.scopes?.join(' ') ?? null,
          messageId: message.id,
          createdAt: at,
        },
        select: { id: true },
      })
      await markSent(tx, ctx, threadId, seq, at)
      await enqueue(tx, 'agent-run', { runId: run.id }, { key: `run:${run.id}` })
      await recordThreadEvent(tx, orgId, threadId, 'thread.message', message.id, message.version)
      return { threadId, messageId: message.id, runId: run.id }
    })
  } catch (error) {
    // Two sends of one key at the same moment: the second finds the first.
    if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002') {
      const first = await ctx.db.message.findFirst({
        where: { orgId, clientKey: input.clientKey, authorId: userId },
      })
      if (first) return sentOf(ctx.db, first)
      throw new ServiceError('conflict', 'Another message arrived at the same moment. Send yours again.')
    }
    throw error
  }
}

/** The message that already opened a conversation with this key; a second send at the same moment waits for the first. */
async function findOpening(tx: Tx, ctx: Ctx, clientKey: string): Promise<MessageModel | null> {
  await tx.$executeRaw`select pg_advisory_xact_lock(hashtext('send'), hashtext(${clientKey}))`
  return tx.message.findFirst({ where: { clientKey, orgId: ctx.actor.orgId, authorId: ctx.actor.userId } })
}

/** A new conversation; the caller writes its first message. */
export async function startThread(tx: Tx, ctx: Ctx, text: string) {
  const title = threadTitle(text)
  const thread = await tx.thread.create({
    data: {
      id: newId('thread', ctx.now()),
      orgId: ctx.actor.orgId,
      title,
      createdBy: ctx.actor.userId ?? '',
      channel: ctx.actor.via,
      createdAt: ctx.now(),
      updatedAt: ctx.now(),
    },
  })
  await appendAudit(tx, ctx, 'thread.started', thread.id, { title })
  await recordThreadEvent(tx, ctx.actor.orgId, thread.id, 'thread.started', thread.id, 1)
  return thread
}

/** Whoever writes has read what stands above. */
async function markSent(tx: Tx, ctx: Ctx, threadId: string, seq: number, at: Date): Promise<void> {
  const userId = ctx.actor.userId ?? ''
  await tx.threadRead.upsert({
    where: { threadId_userId: { threadId, userId } },
    create: { threadId, userId, orgId: ctx.actor.orgId, seq, at },
    update: { seq, at },
  })
}

async function sentOf(tx: Tx, message: MessageModel): Promise<Sent> {
  const run = await tx.agentRun.findFirst({ where: { messageId: message.id }, select: { id: true } })
  return { threadId: message.threadId, messageId: message.id, runId: run?.id ?? '' }
}

/**
 * The place of the next message, and the thread's row until the transaction ends: one writer at a time, so that messages have an
 * order. null: this organisation has no such thread.
 */
export async function nextSeq(
  tx: Tx,
  thread: { orgId: string; threadId: string; at: Date; unarchive?: boolean },
): Promise<number | null> {
  const [row] = await tx.$queryRaw<{ seq: number }[]>`
    update thread
    set last_seq = last_seq + 1, updated_at = ${thread.at},
      archived_at = case when ${thread.unarchive ?? false} then null else archived_at end
    where id = ${thread.threadId} and org_id = ${thread.orgId}
    returning last_seq as seq`
  return row?.seq ?? null
}
