import type { Block } from '@clawbernetes/protocol/views/blocks'
import type { MessageView, ThreadView, ToolCallView } from '@clawbernetes/protocol/views/chat'
import type { Prisma } from '@clawbernetes/db/rows'
import { type Ctx, requirePermission } from '../context'
import { notFound } from '../errors'
import { threadView } from './thread-view'

const INCLUDE = { toolCalls: { orderBy: { ordinal: 'asc' } } } satisfies Prisma.AgentRunInclude
type Run = Prisma.AgentRunGetPayload<{ include: typeof INCLUDE }>
/** Messages sent to a browser at once; older ones come with `beforeSeq`. */
const PAGE = 100

/** A thread with its newest messages, oldest first, and what the agent is doing now. */
export async function readThread({
  ctx,
  input,
}: {
  ctx: Ctx
  input: { threadId: string; beforeSeq?: number }
}): Promise<{
  thread: ThreadView
  messages: MessageView[]
  activeRun: { id: string; toolCalls: ToolCallView[] } | null
  more: boolean
}> {
  requirePermission(ctx, 'read')
  const thread = await ctx.db.thread.findFirst({ where: { id: input.threadId, orgId: ctx.actor.orgId } })
  if (!thread) throw notFound('thread')
  const rows = await ctx.db.message.findMany({
    where: { threadId: thread.id, ...(input.beforeSeq ? { seq: { lt: input.beforeSeq } } : {}) },
    orderBy: { seq: 'desc' },
    take: PAGE + 1,
  })
  const messages = rows.slice(0, PAGE).reverse()
  const runs = await ctx.db.agentRun.findMany({
    where: {
      threadId: thread.id,
      OR: [{ id: { in: messages.flatMap((m) => m.runId ?? []) } }, { state: { in: ['queued', 'running'] } }],
    },
    include: INCLUDE,
    orderBy: { createdAt: 'asc' },
  })
  const users = await ctx.db.user.findMany({
    where: { id: { in: [thread.createdBy, ...messages.flatMap((m) => m.authorId ?? [])] } },
    select: { id: true, name: true },
  })
  const active = runs.find((r) => r.state === 'running') ?? runs.find((r) => r.state === 'queued')
  return {
    thread: await threadView(ctx, thread),
    messages: messages.map((m) => toView(m, runs, users)),
    activeRun: active ? { id: active.id, toolCalls: active.toolCalls.map(toolCallView) } : null,
    more: rows.length > PAGE,
  }
}

function toView(m: Prisma.MessageGetPayload<object>, runs: Run[], users: { id: string; name: string }[]): MessageView {
  const run = runs.find((r) => r.id === m.runId)
  return {
    id: m.id,
    threadId: m.threadId,
    seq: m.seq,
    role: m.role === 'user' ? 'user' : 'agent',
    author: users.find((u) => u.id === m.authorId) ?? null,
    text: m.text,
    // Checked against the block schema when it was written.
    blocks: m.blocks as unknown as Block[],
    state: m.state as MessageView['state'],
    error: m.error,
    channel: m.channel,
    runId: m.runId,
    toolCalls: run?.toolCalls.map(toolCallView) ?? [],
    planner: run?.planner ?? null,
    durationMs: run?.startedAt && run.finishedAt ? run.finishedAt.getTime() - run.startedAt.getTime() : null,
    createdAt: m.createdAt.toISOString(),
    version: m.version,
  }
}

const toolCallView = (c: Run['toolCalls'][number]): ToolCallView => ({
  id: c.id,
  ordinal: c.ordinal,
  name: c.name,
  title: c.title,
  state: c.state as ToolCallView['state'],
  args: c.args as Record<string, unknown>,
  resultPreview: typeof c.result === 'string' ? c.result : c.result === null ? null : JSON.stringify(c.result),
  error: c.error,
  untrusted: c.untrusted,
  durationMs: c.durationMs,
})
