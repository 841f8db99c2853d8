import { type Block, block as blockSchema } from '@clawbernetes/protocol/views/blocks'
import type { Prisma } from '@clawbernetes/db/rows'
import * as z from 'zod'
import { newId, type SystemCtx, type Tx } from '../context'
import { notFound } from '../errors'
import type { ClaimedRun, Dialogue } from './claim-run'
import { recordThreadEvent } from './record-thread-event'
import { storeToolCalls, type ToolCallRecord } from './record-tool-call'
import { nextSeq } from './send-message'

export interface Answer {
  text: string
  blocks: Block[]
  dialogue: Dialogue
  planner: string
  /** Words for the person when the turn failed; partial text stays. */
  error: string | null
  /** The id under which words were streamed. */
  messageId: string
  /** What the turn read that machines or strangers wrote. */
  untrusted: string[]
  /** Steps that were not told of while the turn went on. */
  calls: readonly ToolCallRecord[]
}

/** Writes the answer and ends the run in one transaction; a run that was ended by somebody else stays as it is. */
export async function finishRun(sys: SystemCtx, run: ClaimedRun, answer: Answer): Promise<boolean> {
  const blocks = z.array(blockSchema).parse(answer.blocks)
  return sys.db.$transaction(async (tx) => {
    const at = sys.now()
    const [current] = await tx.$queryRaw<{ state: string; stopRequestedAt: Date | null }[]>`
      select state::text, stop_requested_at as "stopRequestedAt" from agent_run where id = ${run.id} for update`
    if (current?.state !== 'running') return false
    const stopped = current.stopRequestedAt !== null
    await tx.agentRun.update({
      where: { id: run.id },
      data: {
        state: stopped ? 'stopped' : answer.error ? 'failed' : 'done',
        finishedAt: at,
        planner: answer.planner,
        error: answer.error,
        untrusted: [...new Set(answer.untrusted)].slice(0, 20),
      },
      select: { id: true },
    })
    const said: Said = {
      text: answer.text,
      blocks: blocks as Prisma.InputJsonValue,
      state: stopped ? 'stopped' : answer.error ? 'failed' : 'complete',
      error: answer.error,
    }
    const version = await storeMessage(tx, run, answer.messageId, at, said)
    await tx.thread.updateMany({
      where: { id: run.threadId },
      data: { updatedAt: at, dialogue: answer.dialogue as Prisma.InputJsonObject },
    })
    await storeToolCalls(tx, run, answer.calls)
    await recordThreadEvent(tx, run.orgId, run.threadId, 'thread.message', answer.messageId, version)
    return true
  })
}

interface Said {
  text: string
  blocks: Prisma.InputJsonValue
  state: string
  error: string | null
}

/** Where its words were streamed the row is there already. Returns its version. */
async function storeMessage(tx: Tx, run: ClaimedRun, id: string, at: Date, said: Said): Promise<number> {
  const [streamed] = await tx.message.updateManyAndReturn({
    where: { id, runId: run.id },
    data: { ...said, version: { increment: 1 } },
    select: { version: true },
  })
  if (streamed) return streamed.version
  const seq = await nextSeq(tx, { orgId: run.orgId, threadId: run.threadId, at })
  if (seq === null) throw notFound('thread')
  const { version } = await tx.message.create({
    data: {
      id,
      orgId: run.orgId,
      threadId: run.threadId,
      seq,
      role: 'agent',
      runId: run.id,
      channel: run.message?.channel ?? 'web',
      createdAt: at,
      ...said,
    },
    select: { version: true },
  })
  return version
}

export const newMessageId = (sys: SystemCtx): string => newId('message', sys.now())
