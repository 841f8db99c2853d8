import type { PlannerBudgets } from '@clawbernetes/protocol/views/planner'

/** What one model call used. Tokens that a provider does not report are counted from the text and marked as such. */
export interface TokenUse {
  inputTokens: number
  outputTokens: number
  estimated: boolean
}

export interface TokenPrice {
  /** Micro-dollars per million tokens; null: unknown. */
  inputMicroUsd: number | null
  outputMicroUsd: number | null
}

export interface Used {
  toolCalls: number
  tokens: number
  costMicroUsd: number
}

const CHARS_PER_TOKEN = 3.5

/** Rather too many than too few: a budget that is met early is better than one that is passed. */
export const tokensOfText = (chars: number): number => Math.ceil(chars / CHARS_PER_TOKEN)

/** null: the model has no price, and its tokens are counted without money. */
export function costOf(use: TokenUse, price: TokenPrice): number | null {
  if (price.inputMicroUsd === null || price.outputMicroUsd === null) return null
  return Math.ceil((use.inputTokens * price.inputMicroUsd + use.outputTokens * price.outputMicroUsd) / 1_000_000)
}

/** Why no further model call may be made in this turn, in words; null: it may. */
export function overTurnBudget(used: Used, budgets: PlannerBudgets): string | null {
  if (used.tokens >= budgets.turnTokens) return `it used ${count(used.tokens)} of ${count(budgets.turnTokens)} tokens`
  if (budgets.turnMicroUsd > 0 && used.costMicroUsd >= budgets.turnMicroUsd)
    return `it used ${usd(used.costMicroUsd)} of ${usd(budgets.turnMicroUsd)}`
  return null
}

/** Why the organisation's day is over for the language model, in words; null: it is not. */
export function overDayBudget(used: Used, budgets: PlannerBudgets): string | null {
  if (used.tokens >= budgets.dayTokens) return `${count(used.tokens)} of ${count(budgets.dayTokens)} tokens`
  if (used.toolCalls >= budgets.dayToolCalls)
    return `${count(used.toolCalls)} of ${count(budgets.dayToolCalls)} tool calls`
  if (budgets.dayMicroUsd > 0 && used.costMicroUsd >= budgets.dayMicroUsd)
    return `${usd(used.costMicroUsd)} of ${usd(budgets.dayMicroUsd)}`
  return null
}

const count = (n: number): string => n.toLocaleString('en')
const usd = (micro: number): string => `$${(micro / 1_000_000).toFixed(micro < 1_000_000 ? 4 : 2)}`
