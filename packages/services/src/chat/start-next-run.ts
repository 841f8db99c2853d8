import type { SystemCtx } from '../context'
import { enqueue } from '../jobs/enqueue'

/** A thread's turns follow each other: starts the oldest that waits, if none is going on. */
export async function startNextRun({ db }: SystemCtx, input: { threadId: string }): Promise<void> {
  const next = await db.agentRun.findFirst({
    where: { threadId: input.threadId, state: { in: ['queued', 'running'] } },
    orderBy: { createdAt: 'asc' },
    select: { id: true, state: true },
  })
  if (next?.state === 'queued') await enqueue(db, 'agent-run', { runId: next.id }, { key: `run:${next.id}` })
}

/** Sweep: a run that is to go on has a job, unless an earlier one of its thread goes first. Returns how many were started. */
export async function rescueRuns({ db }: SystemCtx): Promise<number> {
  const orphans = await db.$queryRaw<{ id: string }[]>`
    select r.id from agent_run r
    where r.state in ('queued', 'running')
      and not exists (select 1 from agent_run e where e.thread_id = r.thread_id and e.state in ('queued', 'running') and e.created_at < r.created_at)
      and not exists (select 1 from graphile_worker.jobs j where j.key = 'run:' || r.id and j.attempts < j.max_attempts)
    limit 200`
  for (const { id } of orphans) await enqueue(db, 'agent-run', { runId: id }, { key: `run:${id}` })
  return orphans.length
}
