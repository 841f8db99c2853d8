import type { Prisma } from '@clawbernetes/db/rows'
import { newId, type SystemCtx, type Tx } from '../context'
import { recordThreadEvent } from './record-thread-event'

export interface ToolCallRecord {
  id: string
  ordinal: number
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

export interface RunOfThread {
  id: string
  orgId: string
  threadId: string
}

export const newToolCallId = (at: Date): string => newId('toolCall', at)

/** The trace of one tool call at once, for a turn that goes on for a while. */
export async function recordToolCall(sys: SystemCtx, run: RunOfThread, call: ToolCallRecord): Promise<void> {
  await sys.db.$transaction(async (tx) => {
    await storeToolCalls(tx, run, [call])
    await recordThreadEvent(tx, run.orgId, run.threadId, 'thread.tool', call.id, call.ordinal + 1)
  })
}

/** Writes traces in the caller's transaction, whose event (of the answer, for example) tells of them. */
export async function storeToolCalls(tx: Tx, run: RunOfThread, calls: readonly ToolCallRecord[]): Promise<void> {
  if (calls.length === 0) return
  await tx.toolCall.createMany({
    data: calls.map(({ result, ...call }) => ({
      orgId: run.orgId,
      runId: run.id,
      ...call,
      ...(result === null ? {} : { result }),
    })),
  })
}
