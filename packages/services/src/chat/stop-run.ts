import { type Ctx, requirePermission } from '../context'
import { notFound } from '../errors'
import { appendAudit } from '../log/append-audit'
import { recordThreadEvent } from './record-thread-event'

/** Stops the agent's talking in a thread. Plans that were approved go on: they are stopped on their own card. */
export async function stopRun({ ctx, input }: { ctx: Ctx; input: { threadId: string } }): Promise<{ stopped: number }> {
  requirePermission(ctx, 'chat')
  return ctx.db.$transaction(async (tx) => {
    const thread = await tx.thread.findFirst({
      where: { id: input.threadId, orgId: ctx.actor.orgId },
      select: { id: true },
    })
    if (!thread) throw notFound('thread')
    const at = ctx.now()
    const queued = await tx.agentRun.updateMany({
      where: { threadId: thread.id, state: 'queued', kind: 'turn' },
      data: { state: 'stopped', finishedAt: at, stopRequestedAt: at },
    })
    const running = await tx.agentRun.updateMany({
      where: { threadId: thread.id, state: 'running', kind: 'turn' },
      data: { stopRequestedAt: at },
    })
    if (queued.count + running.count > 0) {
      await appendAudit(tx, ctx, 'run.stop', thread.id)
      await recordThreadEvent(tx, ctx.actor.orgId, thread.id, 'thread.run', thread.id, 0)
    }
    return { stopped: queued.count + running.count }
  })
}
