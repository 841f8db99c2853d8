import type { SystemCtx } from '../context'
import { ring } from '../log/ring'
import type { ClaimedRun } from './claim-run'
import { notFound } from '../errors'
import type { ToolCallRecord } from './record-tool-call'
import { recordThreadEvent } from './record-thread-event'
import { nextSeq } from './send-message'

/** Opens the row of an answer that is being written, so that its words have a place in the thread. */
export async function openMessage(sys: SystemCtx, run: ClaimedRun, messageId: string): Promise<void> {
  await sys.db.$transaction(async (tx) => {
    const at = sys.now()
    const seq = await nextSeq(tx, { orgId: run.orgId, threadId: run.threadId, at })
    if (seq === null) throw notFound('thread')
    const message = await tx.message.create({
      data: {
        id: messageId,
        orgId: run.orgId,
        threadId: run.threadId,
        seq,
        role: 'agent',
        runId: run.id,
        text: '',
        channel: run.message?.channel ?? 'web',
        state: 'streaming',
        createdAt: at,
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

/** A bell's payload stays below Postgres' 8,000 bytes also where every character takes four. */
export const MAX_BELL_CHARS = 1500
const MAX_BELL_STEPS = 8

/** The words of an answer that is being stored, with the steps that stand above them; lost without harm. */
export async function sayEarly(
  sys: SystemCtx,
  run: ClaimedRun,
  messageId: string,
  text: string,
  steps: readonly ToolCallRecord[],
): Promise<void> {
  if (text === '') return
  const told = steps.slice(0, MAX_BELL_STEPS).map(({ id, ordinal, name, title, state, durationMs }) => ({
    id,
    ordinal,
    name,
    state,
    durationMs,
    title: title.slice(0, 80),
  }))
  const words = { messageId, text: text.slice(0, MAX_BELL_CHARS), at: 0 }
  await ring(sys.db, {
    topic: 'delta',
    orgId: run.orgId,
    threadId: run.threadId,
    ...words,
    run: { id: run.id, steps: told },
  })
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
