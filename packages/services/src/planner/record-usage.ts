import type { TokenUse } from '@clawbernetes/domain/chat/planner-budget'
import type { SystemCtx } from '../context'
import { usageDay } from './usage-day'

export interface UsageRecord {
  orgId: string
  /** "<provider>/<model>" */
  model: string
  turns?: number
  modelCalls?: number
  toolCalls?: number
  fallbacks?: number
  tokens?: TokenUse
  /** null: the tokens have no known price. */
  costMicroUsd?: number | null
}

/** Adds to the organisation's day, in one statement: turns that run at the same time add up. */
export async function recordUsage(sys: SystemCtx, used: UsageRecord): Promise<void> {
  const tokens = used.tokens ?? { inputTokens: 0, outputTokens: 0, estimated: false }
  const total = tokens.inputTokens + tokens.outputTokens
  const add = {
    turns: used.turns ?? 0,
    modelCalls: used.modelCalls ?? 0,
    toolCalls: used.toolCalls ?? 0,
    fallbacks: used.fallbacks ?? 0,
    inputTokens: tokens.inputTokens,
    outputTokens: tokens.outputTokens,
    estimatedTokens: tokens.estimated ? total : 0,
    unpricedTokens: used.costMicroUsd === null ? total : 0,
    costMicroUsd: used.costMicroUsd ?? 0,
  }
  await sys.db.$executeRaw`
    insert into planner_usage (org_id, day, model, turns, model_calls, tool_calls, fallbacks, input_tokens, output_tokens, estimated_tokens, unpriced_tokens, cost_micro_usd)
    values (${used.orgId}, ${usageDay(sys.now())}::date, ${used.model}, ${add.turns}, ${add.modelCalls}, ${add.toolCalls}, ${add.fallbacks},
      ${add.inputTokens}, ${add.outputTokens}, ${add.estimatedTokens}, ${add.unpricedTokens}, ${add.costMicroUsd})
    on conflict (org_id, day, model) do update set
      turns = planner_usage.turns + excluded.turns, model_calls = planner_usage.model_calls + excluded.model_calls,
      tool_calls = planner_usage.tool_calls + excluded.tool_calls, fallbacks = planner_usage.fallbacks + excluded.fallbacks,
      input_tokens = planner_usage.input_tokens + excluded.input_tokens, output_tokens = planner_usage.output_tokens + excluded.output_tokens,
      estimated_tokens = planner_usage.estimated_tokens + excluded.estimated_tokens, unpriced_tokens = planner_usage.unpriced_tokens + excluded.unpriced_tokens,
      cost_micro_usd = planner_usage.cost_micro_usd + excluded.cost_micro_usd`
}
