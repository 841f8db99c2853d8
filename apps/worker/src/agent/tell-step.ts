import {
  newToolCallId,
  recordToolCall,
  type RunOfThread,
  type ToolCallRecord,
} from '@clawbernetes/services/chat/record-tool-call'
import type { SystemCtx } from '@clawbernetes/services/context'
import type { TurnCollector } from './turn-collector'

/** A step of the turn: told of at once where the turn takes a while, else kept for its answer. `ordinal`: taken when it began. */
export async function tellStep(
  { sys, run, collect }: { sys: SystemCtx; run: RunOfThread; collect: TurnCollector },
  step: Omit<ToolCallRecord, 'id' | 'ordinal'>,
  ordinal: number = collect.calls++,
): Promise<void> {
  const record = { ...step, id: newToolCallId(step.startedAt), ordinal }
  if (collect.steps) collect.steps.push(record)
  else await recordToolCall(sys, run, record)
}
