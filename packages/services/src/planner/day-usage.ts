import type { Used } from '@clawbernetes/domain/chat/planner-budget'
import type { SystemCtx } from '../context'
import { usageDay } from './usage-day'

/** What the organisation has used today, all models together: what the day's budget is held against before each model call. */
export async function dayUsage(sys: SystemCtx, input: { orgId: string }): Promise<Used> {
  const { _sum } = await sys.db.plannerUsage.aggregate({
    where: { orgId: input.orgId, day: usageDay(sys.now()) },
    _sum: { toolCalls: true, inputTokens: true, outputTokens: true, costMicroUsd: true },
  })
  return {
    toolCalls: _sum.toolCalls ?? 0,
    tokens: Number(_sum.inputTokens ?? 0n) + Number(_sum.outputTokens ?? 0n),
    costMicroUsd: Number(_sum.costMicroUsd ?? 0n),
  }
}
