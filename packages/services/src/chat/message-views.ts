import type { Block } from '@clawbernetes/protocol/views/blocks'
import type { MessageView, PageContext, ToolCallView } from '@clawbernetes/protocol/views/chat'
import type { Prisma } from '@clawbernetes/db/rows'
import type { Ctx } from '../context'

export const RUN_WITH_CALLS = { toolCalls: { orderBy: { ordinal: 'asc' } } } satisfies Prisma.AgentRunInclude
export type RunWithCalls = Prisma.AgentRunGetPayload<{ include: typeof RUN_WITH_CALLS }>
type Message = Prisma.MessageGetPayload<object>

/** Messages with their authors and the steps of the runs that wrote them, in two queries however many there are. */
export async function messageViews(ctx: Ctx, messages: readonly Message[]): Promise<MessageView[]> {
  const [runs, users] = await Promise.all([
    ctx.db.agentRun.findMany({
      where: { orgId: ctx.actor.orgId, id: { in: messages.flatMap((m) => m.runId ?? []) } },
      include: RUN_WITH_CALLS,
    }),
    ctx.db.user.findMany({
      where: { id: { in: messages.flatMap((m) => m.authorId ?? []) } },
      select: { id: true, name: true },
    }),
  ])
  return messages.map((m) => toView(m, runs, users))
}

function toView(m: Message, runs: readonly RunWithCalls[], users: { id: string; name: string }[]): MessageView {
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
    context: m.context as PageContext | null,
  }
}

export const toolCallView = (c: RunWithCalls['toolCalls'][number]): ToolCallView => ({
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
