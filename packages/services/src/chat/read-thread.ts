import type { MessageView, ThreadView, ToolCallView } from '@clawbernetes/protocol/views/chat'
import { type Ctx, requirePermission } from '../context'
import { ServiceError } from '../errors'
import { messageViews, RUN_WITH_CALLS, toolCallView } from './message-views'
import { threadView } from './thread-view'

/** Messages sent to a browser at once; older ones come with `beforeSeq`. */
const PAGE = 100

export interface ThreadPage {
  thread: ThreadView
  messages: MessageView[]
  activeRun: { id: string; toolCalls: ToolCallView[] } | null
  more: boolean
}

/** A thread with its newest messages, oldest first, and what the agent is doing now. */
export async function readThread({
  ctx,
  input,
}: {
  ctx: Ctx
  input: { threadId: string; beforeSeq?: number }
}): Promise<ThreadPage> {
  requirePermission(ctx, 'read')
  const thread = await ctx.db.thread.findFirst({ where: { id: input.threadId, orgId: ctx.actor.orgId } })
  if (!thread)
    throw new ServiceError(
      'not-found',
      'There is no such conversation here. It may have been removed, or it belongs to another organisation.',
    )
  const [view, rows, waiting] = await Promise.all([
    threadView(ctx, thread),
    ctx.db.message.findMany({
      where: { threadId: thread.id, ...(input.beforeSeq ? { seq: { lt: input.beforeSeq } } : {}) },
      orderBy: { seq: 'desc' },
      take: PAGE + 1,
    }),
    ctx.db.agentRun.findMany({
      where: { threadId: thread.id, state: { in: ['queued', 'running'] } },
      include: RUN_WITH_CALLS,
      orderBy: { createdAt: 'asc' },
    }),
  ])
  const active = waiting.find((r) => r.state === 'running') ?? waiting[0]
  return {
    thread: view,
    messages: await messageViews(ctx, rows.slice(0, PAGE).reverse()),
    activeRun: active ? { id: active.id, toolCalls: active.toolCalls.map(toolCallView) } : null,
    more: rows.length > PAGE,
  }
}
