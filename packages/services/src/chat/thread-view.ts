import type { ThreadView } from '@clawbernetes/protocol/views/chat'
import type { ThreadModel } from '@clawbernetes/db/rows'
import type { Ctx } from '../context'

/** One thread for lists and headers. */
export async function threadView(ctx: Ctx, thread: ThreadModel): Promise<ThreadView> {
  const [view] = await threadViews(ctx, [thread])
  if (!view) throw new Error('a thread has a view')
  return view
}

/** Lists are read in four queries, however many threads there are. */
export async function threadViews(ctx: Ctx, threads: ThreadModel[]): Promise<ThreadView[]> {
  const ids = threads.map((t) => t.id)
  const [plans, runs, users, reads] = await Promise.all([
    ctx.db.plan.groupBy({
      by: ['threadId'],
      where: { orgId: ctx.actor.orgId, threadId: { in: ids }, state: 'proposed', expiresAt: { gt: ctx.now() } },
      _count: true,
    }),
    ctx.db.agentRun.findMany({
      where: { threadId: { in: ids } },
      orderBy: [{ threadId: 'asc' }, { createdAt: 'desc' }],
      distinct: ['threadId'],
      select: { threadId: true, state: true },
    }),
    ctx.db.user.findMany({ where: { id: { in: threads.map((t) => t.createdBy) } }, select: { id: true, name: true } }),
    ctx.db.threadRead.findMany({
      where: { threadId: { in: ids }, userId: ctx.actor.userId ?? '' },
      select: { threadId: true, seq: true },
    }),
  ])
  return threads.map((t) => {
    const pendingPlans = plans.find((p) => p.threadId === t.id)?._count ?? 0
    const run = runs.find((r) => r.threadId === t.id)?.state
    const state =
      run === 'queued' || run === 'running'
        ? 'running'
        : pendingPlans > 0
          ? 'needs-approval'
          : run === 'failed'
            ? 'failed'
            : 'idle'
    return {
      id: t.id,
      title: t.title,
      channel: t.channel,
      state,
      createdBy: users.find((u) => u.id === t.createdBy) ?? { id: t.createdBy, name: 'Someone' },
      createdAt: t.createdAt.toISOString(),
      updatedAt: t.updatedAt.toISOString(),
      pendingPlans,
      archived: t.archivedAt !== null,
      unread: isUnread(t.lastSeq, reads.find((r) => r.threadId === t.id)?.seq),
    }
  })
}

/** Something is new for those who have looked at a thread or written in it before; what others talk about is not. */
const isUnread = (newestSeq: number, readSeq: number | undefined): boolean =>
  readSeq !== undefined && newestSeq > readSeq
