import type { Prisma } from '@clawbernetes/db/rows'
import { newId, type SystemCtx } from '../context'
import { recordThreadEvent } from './record-thread-event'

export interface ToolCallRecord {
  name: string
  title: string
  args: Prisma.InputJsonObject
  state: 'done' | 'failed' | 'skipped'
  /** What came out, short enough for the trace. */
  result: string | null
  error: string | null
  untrusted: boolean
  startedAt: Date
  durationMs: number
}

/** The trace of one tool call, in the order of the run. */
export async function recordToolCall(
  sys: SystemCtx,
  run: { id: string; orgId: string; threadId: string },
  ordinal: number,
  call: ToolCallRecord,
): Promise<void> {
  await sys.db.$transaction(async (tx) => {
    const { result, ...rest } = call
    const row = await tx.toolCall.create({
      data: {
        id: newId('toolCall', call.startedAt),
        orgId: run.orgId,
        runId: run.id,
        ordinal,
        ...rest,
        ...(result === null ? {} : { result }),
      },
    })
    await recordThreadEvent(tx, run.orgId, run.threadId, 'thread.tool', row.id, ordinal + 1)
  })
}
