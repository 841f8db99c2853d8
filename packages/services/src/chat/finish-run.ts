import { type Block, block as blockSchema } from '@clawbernetes/protocol/views/blocks'
import type { Prisma } from '@clawbernetes/db/rows'
import * as z from 'zod'
import { newId, type SystemCtx } from '../context'
import type { ClaimedRun, Dialogue } from './claim-run'
import { recordThreadEvent } from './record-thread-event'
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
}

/** Writes the answer and ends the run in one transaction; a run that was ended by somebody else stays as it is. */
export async function finishRun(sys: SystemCtx, run: ClaimedRun, answer: Answer): Promise<boolean> {
  const blocks = z.array(blockSchema).parse(answer.blocks)
  return sys.db.$transaction(async (tx) => {
    const at = sys.now()
    await tx.$queryRaw`select 1 from "thread" where id = ${run.threadId} for update`
    const current = await tx.agentRun.findUniqueOrThrow({
      where: { id: run.id },
      select: { state: true, stopRequestedAt: true },
    })
    if (current.state !== 'running') return false
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
    })
    const said = {
      text: answer.text,
      blocks: blocks as Prisma.InputJsonValue,
      state: stopped ? 'stopped' : answer.error ? 'failed' : 'complete',
      error: answer.error,
    }
    const streamed = await tx.message.findFirst({
      where: { id: answer.messageId, runId: run.id },
      select: { id: true },
    })
    const message = streamed
      ? await tx.message.update({ where: { id: answer.messageId }, data: { ...said, version: { increment: 1 } } })
      : await tx.message.create({
          data: {
            id: answer.messageId,
            orgId: run.orgId,
            threadId: run.threadId,
            seq: await nextSeq(tx, run.threadId),
            role: 'agent',
            runId: run.id,
            channel: run.message?.channel ?? 'web',
            createdAt: at,
            ...said,
          },
        })
    await tx.thread.update({
      where: { id: run.threadId },
      data: { updatedAt: at, dialogue: answer.dialogue as Prisma.InputJsonObject },
    })
    await recordThreadEvent(tx, run.orgId, run.threadId, 'thread.message', message.id, message.version)
    return true
  })
}

export const newMessageId = (sys: SystemCtx): string => newId('message', sys.now())
