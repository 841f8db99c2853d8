import type { MessageView, ToolCallView } from '@clawbernetes/protocol/views/chat'
import { type Ctx, requirePermission } from '../context'
import { messageViews, toolCallView } from './message-views'

/** What an event of a thread is about, so that whoever hears the bell need not come back to ask. */
export interface ThreadNews {
  message?: MessageView
  toolCall?: ToolCallView & { runId: string }
}

/** Blocks can be large; above this the listener reads the thread itself. */
const MAX_NEWS_CHARS = 100_000

/** The messages and tool calls behind events, by entity id. */
export async function readThreadNews({
  ctx,
  input,
}: {
  ctx: Ctx
  input: { events: readonly { kind: string; entityId: string }[] }
}): Promise<Map<string, ThreadNews>> {
  requirePermission(ctx, 'read')
  const idsOf = (kind: string) => input.events.filter((e) => e.kind === kind).map((e) => e.entityId)
  const messageIds = idsOf('thread.message')
  const callIds = idsOf('thread.tool')
  const orgId = ctx.actor.orgId
  const [messages, calls] = await Promise.all([
    messageIds.length > 0 ? ctx.db.message.findMany({ where: { orgId, id: { in: messageIds } } }) : [],
    callIds.length > 0 ? ctx.db.toolCall.findMany({ where: { orgId, id: { in: callIds } } }) : [],
  ])
  const news = new Map<string, ThreadNews>()
  for (const message of await messageViews(ctx, messages))
    if (JSON.stringify(message).length <= MAX_NEWS_CHARS) news.set(message.id, { message })
  for (const call of calls) news.set(call.id, { toolCall: { ...toolCallView(call), runId: call.runId } })
  return news
}
