import type { SystemCtx } from '../context'
import { ring } from '../log/ring'
import type { ClaimedRun } from './claim-run'
import { recordThreadEvent } from './record-thread-event'
import { nextSeq } from './send-message'

/** Opens the row of an answer that is being written, so that its words have a place in the thread. */
export async function openMessage(sys: SystemCtx, run: ClaimedRun, messageId: string): Promise<void> {
  await sys.db.$transaction(async (tx) => {
    await tx.$queryRaw`select 1 from "thread" where id = ${run.threadId} for update`
    const message = await tx.message.create({
      data: {
        id: messageId,
        orgId: run.orgId,
        threadId: run.threadId,
        seq: await nextSeq(tx, run.threadId),
        role: 'agent',
        runId: run.id,
        text: '',
        channel: run.message?.channel ?? 'web',
        state: 'streaming',
        createdAt: sys.now(),
      },
    })
    await recordThreadEvent(tx, run.orgId, run.threadId, 'thread.message', message.id, message.version)
  })
}

/** Words for those who look, at their place in the text; lost without harm. */
export async function ringWords(
  sys: SystemCtx,
  run: ClaimedRun,
  words: { messageId: string; text: string; at: number },
): Promise<void> {
  await ring(sys.db, { topic: 'delta', orgId: run.orgId, threadId: run.threadId, ...words })
}

/** Keeps the words so far, for whoever loads the page in the middle of them. */
export async function keepWords(sys: SystemCtx, messageId: string, text: string): Promise<void> {
  await sys.db.message.updateMany({ where: { id: messageId, state: 'streaming' }, data: { text } })
}

/** Did somebody press Stop? */
export async function stopRequested(sys: SystemCtx, runId: string): Promise<boolean> {
  const run = await sys.db.agentRun.findUnique({
    where: { id: runId },
    select: { stopRequestedAt: true, state: true },
  })
  return run === null || run.stopRequestedAt !== null || run.state !== 'running'
}
