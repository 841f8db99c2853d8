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
  const userId = ctx.actor.userId
  if (!userId) throw new ServiceError('forbidden', 'Only people write messages.')
  try {
    return await ctx.db.$transaction(async (tx) => {
      if (!input.threadId) {
        const first = await findOpening(tx, ctx, input.clientKey)
        if (first) return sentOf(tx, first)
      }
      const thread = input.threadId ? await findThread(tx, ctx, input.threadId) : await startThread(tx, ctx, input.text)
      const repeated = await tx.message.findFirst({ where: { threadId: thread.id, clientKey: input.clientKey } })
      if (repeated) return sentOf(tx, repeated)
      const at = ctx.now()
      const message = await tx.message.create({
        data: {
          id: newId('message', at),
          orgId: ctx.actor.orgId,
          threadId: thread.id,
          seq: await nextSeq(tx, thread.id),
          role: 'user',
          authorId: userId,
          text: input.text,
          context: input.context ?? Prisma.DbNull,
          channel: ctx.actor.via,
          clientKey: input.clientKey,
          createdAt: at,
        },
      })
      const run = await tx.agentRun.create({
        data: {
          id: newId('run', at),
          orgId: ctx.actor.orgId,
          threadId: thread.id,
          onBehalfOf: userId,
          scopes: ctx.actor.scopes?.join(' ') ?? null,
          messageId: message.id,
          createdAt: at,
        },
      })
      // Talking in a conversation that was put away brings it back.
      await tx.thread.update({ where: { id: thread.id }, data: { updatedAt: at, archivedAt: null } })
      await markSent(tx, ctx, thread.id, message.seq, at)
      await enqueue(tx, 'agent-run', { runId: run.id }, { key: `run:${run.id}` })
      await recordThreadEvent(tx, ctx.actor.orgId, thread.id, 'thread.message', message.id, message.version)
      return { threadId: thread.id, messageId: message.id, runId: run.id }
    })
  } catch (error) {
    // Two sends of one key at the same moment: the second finds the first.
    if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002') {
      const first = await ctx.db.message.findFirst({
        where: { orgId: ctx.actor.orgId, clientKey: input.clientKey, authorId: userId },
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

async function findThread(tx: Tx, ctx: Ctx, id: string) {
  // One writer at a time per thread: messages have an order.
  await tx.$queryRaw`select 1 from "thread" where id = ${id} and org_id = ${ctx.actor.orgId} for update`
  const thread = await tx.thread.findFirst({ where: { id, orgId: ctx.actor.orgId } })
  if (!thread) throw notFound('thread')
  return thread
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

/** The caller holds the thread's row. */
export async function nextSeq(tx: Tx, threadId: string): Promise<number> {
  const last = await tx.message.findFirst({ where: { threadId }, orderBy: { seq: 'desc' }, select: { seq: true } })
  return (last?.seq ?? 0) + 1
}
