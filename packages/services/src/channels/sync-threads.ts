import type { Block } from '@clawbernetes/protocol/views/blocks'
import type { SystemCtx, Tx } from '../context'
import { putPost } from './put-post'

/** An answer that is there sooner needs no word that it is coming. */
const QUICK_MS = 1000
/** What nobody could be told for so long is not told any more. */
const STALE_MS = 24 * 3_600_000

interface Behind {
  id: string
}

/** Conversations on a platform in which we have more to say than stands there. Makes room for it; jobs bring it. */
export async function syncThreads(sys: SystemCtx): Promise<number> {
  const slow = new Date(sys.now().getTime() - QUICK_MS)
  const behind = await sys.db.$queryRaw<Behind[]>`
    select ct.id from channel_thread ct
    join channel_connection c on c.id = ct.connection_id and c.state = 'active'
    where exists (select 1 from message m where m.thread_id = ct.thread_id and m.seq > ct.posted_seq)
       or exists (select 1 from agent_run r where r.thread_id = ct.thread_id and r.state = 'running' and r.kind = 'turn' and r.started_at < ${slow}
                  and not exists (select 1 from channel_post p where p.connection_id = ct.connection_id and p.dedupe_key = 'run:' || r.id))
    limit 200`
  for (const { id } of behind) await sys.db.$transaction((tx) => tell(tx, sys, id, slow))
  return behind.length
}

async function tell(tx: Tx, sys: SystemCtx, id: string, slow: Date): Promise<void> {
  // Another process that is at it brings the same.
  const [mine] = await tx.$queryRaw<Behind[]>`select id from channel_thread where id = ${id} for update skip locked`
  if (!mine) return
  const place = await tx.channelThread.findUniqueOrThrow({ where: { id }, include: { connection: true } })
  const { kind } = place.connection
  const replyTo = kind === 'slack' && place.threadKey !== 'dm' ? place.threadKey : null
  const where = { orgId: place.orgId, connectionId: place.connectionId, channelId: place.channelId, replyTo }
  const at = sys.now()
  const messages = await tx.message.findMany({
    where: { threadId: place.threadId, seq: { gt: place.postedSeq } },
    orderBy: { seq: 'asc' },
    take: 50,
  })
  for (const m of messages) {
    if (at.getTime() - m.createdAt.getTime() > STALE_MS) continue
    // What was written here stands here already.
    if (m.role === 'user' && m.channel === kind) continue
    if (m.runId) await putPost(tx, at, { ...where, kind: 'run', subjectId: m.runId, dedupeKey: `run:${m.runId}` })
    else await putPost(tx, at, { ...where, kind: 'message', subjectId: m.id, dedupeKey: `message:${m.id}` })
    for (const planId of plansIn(m.blocks)) await putPlan(tx, at, where, planId)
  }
  const last = messages.at(-1)
  if (last) await tx.channelThread.update({ where: { id }, data: { postedSeq: last.seq } })
  const running = await tx.agentRun.findMany({
    where: { threadId: place.threadId, state: 'running', kind: 'turn', startedAt: { lt: slow } },
    select: { id: true },
  })
  for (const run of running)
    await putPost(tx, at, { ...where, kind: 'run', subjectId: run.id, dedupeKey: `run:${run.id}` })
}

/** One card per plan and channel: what is shown again is brought up to date where it stands. */
const putPlan = (
  tx: Tx,
  at: Date,
  where: { orgId: string; connectionId: string; channelId: string; replyTo: string | null },
  planId: string,
) => putPost(tx, at, { ...where, kind: 'plan', subjectId: planId, dedupeKey: `plan:${planId}:${where.channelId}` })

const plansIn = (blocks: unknown): string[] =>
  (Array.isArray(blocks) ? (blocks as Block[]) : []).flatMap((b) => (b.type === 'plan' ? [b.planId] : []))
