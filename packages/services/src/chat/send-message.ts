import { maskSecrets } from '@clawbernetes/domain/chat/mask-secrets'
import { threadTitle } from '@clawbernetes/domain/chat/thread-title'
import { plainText } from '@clawbernetes/protocol/text'
import type { MessageView } from '@clawbernetes/protocol/views/chat'
import type { MessageModel } from '@clawbernetes/db/rows'
import * as z from 'zod'
import { alreadyExists } from '../already-exists'
import { type Ctx, newId, requirePermission, type Tx } from '../context'
import { notFound, ServiceError } from '../errors'
import { enqueue } from '../jobs/enqueue'
import { appendAudit } from '../log/append-audit'
import { parseInput } from '../parse-input'
import { recordThreadEvent } from './record-thread-event'

/** A person's message: long enough for a pasted log, far below what would hurt. */
export const MAX_MESSAGE_CHARS = 20_000

const FIRST_VERSION = 1

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
      const at = ctx.now()
      const threadId = input.threadId ?? (await startThread(tx, ctx, input.text)).id
      const sent = { threadId, messageId: newId('message', at), runId: newId('run', at) }
      const seq = await storeMessage(tx, ctx, sent, input, at)
      if (seq === null) throw notFound('thread')
      await enqueue(tx, 'agent-run', { runId: sent.runId }, { key: `run:${sent.runId}` })
      const message = sentView(ctx, sent, seq, input, at)
      await recordThreadEvent(tx, orgId, threadId, 'thread.message', sent.messageId, FIRST_VERSION, { message })
      return sent
    })
  } catch (error) {
    // A repeated send meets the first one's key, and finds it. In a conversation that goes on, whoever wrote it: two people who
    // press the same button of a question give one answer.
    if (alreadyExists(error)) {
      const { threadId, clientKey } = input
      const first = await ctx.db.message.findFirst({
        where: { orgId, clientKey, ...(threadId ? { threadId } : { authorId: userId }) },
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

/**
 * The message at the thread's next place, its run, and how far the writer has read, in one statement: this is what everybody waits
 * for. A conversation that was put away comes back. Returns its place; null: this organisation has no such thread.
 */
async function storeMessage(
  tx: Tx,
  ctx: Ctx,
  { threadId, messageId, runId }: Sent,
  { text, context, clientKey }: z.output<typeof sendMessageInput>,
  at: Date,
): Promise<number | null> {
  const { orgId, userId, via, scopes } = ctx.actor
  const rows = await tx.$queryRaw<{ seq: number }[]>`
    with place as (
      update thread set last_seq = last_seq + 1, updated_at = ${at}, archived_at = null
      where id = ${threadId} and org_id = ${orgId}
      returning id, org_id, last_seq as seq
    ), said as (
      insert into message (id, org_id, thread_id, seq, role, author_id, text, context, channel, client_key, created_at, version)
      select ${messageId}, org_id, id, seq, 'user', ${userId}, ${text}, ${context && JSON.stringify(context)}::jsonb, ${via},
        ${clientKey}, ${at}, ${FIRST_VERSION}::int
      from place
    ), asked as (
      insert into agent_run (id, org_id, thread_id, on_behalf_of, scopes, message_id, created_at)
      select ${runId}, org_id, id, ${userId}, ${scopes?.join(' ') ?? null}, ${messageId}, ${at} from place
    ), seen as (
      insert into thread_read (thread_id, user_id, org_id, seq, at) select id, ${userId}, org_id, seq, ${at} from place
      on conflict (thread_id, user_id) do update set seq = excluded.seq, at = excluded.at
    )
    select seq from place`
  return rows[0]?.seq ?? null
}

/** The message as readers see it, so that nobody who hears of it need read it. */
const sentView = (
  { actor }: Ctx,
  { messageId: id, threadId }: Sent,
  seq: number,
  { text, context }: z.output<typeof sendMessageInput>,
  at: Date,
): MessageView => ({
  id,
  threadId,
  seq,
  role: 'user',
  author: { id: actor.userId ?? '', name: actor.userName },
  text,
  blocks: [],
  state: 'complete',
  error: null,
  channel: actor.via,
  runId: null,
  toolCalls: [],
  planner: null,
  durationMs: null,
  createdAt: at.toISOString(),
  version: FIRST_VERSION,
  context: context as MessageView['context'],
})

async function sentOf(tx: Tx, message: MessageModel): Promise<Sent> {
  const run = await tx.agentRun.findFirst({ where: { messageId: message.id }, select: { id: true } })
  return { threadId: message.threadId, messageId: message.id, runId: run?.id ?? '' }
}

/**
 * The place of the next message, and the thread's row until the transaction ends: one writer at a time, so that messages have an
 * order. null: this organisation has no such thread.
 */
export async function nextSeq(tx: Tx, thread: { orgId: string; threadId: string; at: Date }): Promise<number | null> {
  const [row] = await tx.$queryRaw<{ seq: number }[]>`
    update thread
    set last_seq = last_seq + 1, updated_at = ${thread.at}
    where id = ${thread.threadId} and org_id = ${thread.orgId}
    returning last_seq as seq`
  return row?.seq ?? null
}
