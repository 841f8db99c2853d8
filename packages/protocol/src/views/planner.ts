export const PLANNER_PROVIDERS = ['embedded', 'openai', 'anthropic', 'ollama', 'openai-compatible'] as const
export type PlannerProvider = (typeof PLANNER_PROVIDERS)[number]

/** Caps of the language-model planner; money counts only where the model's price is known. */
export interface PlannerBudgets {
  turnToolCalls: number
  turnTokens: number
  turnMicroUsd: number
  dayToolCalls: number
  dayTokens: number
  dayMicroUsd: number
}

export const DEFAULT_BUDGETS: PlannerBudgets = {
  turnToolCalls: 16,
  turnTokens: 100_000,
  turnMicroUsd: 500_000,
  dayToolCalls: 5_000,
  dayTokens: 3_000_000,
  dayMicroUsd: 20_000_000,
}

export interface PlannerSettingsView {
  /** null: this organisation follows the installation. */
  provider: PlannerProvider | null
  model: string | null
  baseUrl: string | null
  /** The last characters of the stored key, never more; null: none is stored. */
  keyTail: string | null
  /** Per million tokens; null: unknown, then only tokens are counted. */
  inputPriceMicroUsd: number | null
  outputPriceMicroUsd: number | null
  budgets: PlannerBudgets
  /** What "follow the installation" means here; its key and address stay on the server. */
  installation: { provider: PlannerProvider; model: string | null; keyTail: string | null; problem: string | null }
  updatedAt: string | null
}

export interface PlannerUsageView {
  /** The UTC day that is counted, "2026-11-22"; it ends at `endsAt`. */
  day: string
  endsAt: string
  turns: number
  modelCalls: number
  toolCalls: number
  tokens: number
  /** Part of `tokens` that the provider did not report. */
  estimatedTokens: number
  /** Part of `tokens` whose price is unknown: they are not in `costMicroUsd`. */
  unpricedTokens: number
  costMicroUsd: number
  fallbacks: number
  budgets: PlannerBudgets
  /** Words when the day's budget is used up: turns are answered by the embedded planner until `endsAt`. */
  exhausted: string | null
  models: { model: string; turns: number; modelCalls: number; tokens: number; costMicroUsd: number | null }[]
}

export interface PlannerTestView {
  id: string
  state: 'queued' | 'passed' | 'failed'
  provider: string | null
  model: string | null
  latencyMs: number | null
  firstWordsMs: number | null
  /** What the model said after its tool call. */
  sample: string | null
  error: string | null
  createdAt: string
  finishedAt: string | null
}
