import { DEFAULT_BUDGETS, type PlannerBudgets } from '@clawbernetes/protocol/views/planner'
import * as z from 'zod'

const MILLION = 1_000_000
const cap = (max: number) => z.number().int().min(0).max(max)

/** 0 dollars: money is not capped (tokens and tool calls are). */
export const budgetsInput = z
  .object({
    turnToolCalls: cap(200).min(1),
    turnTokens: cap(10 * MILLION).min(1000),
    turnMicroUsd: cap(1000 * MILLION),
    dayToolCalls: cap(MILLION),
    dayTokens: cap(2000 * MILLION),
    dayMicroUsd: cap(2000 * MILLION),
  })
  .partial()

/** What an organisation set, with the defaults for what it did not. */
export function readBudgets(stored: unknown): PlannerBudgets {
  const parsed = budgetsInput.safeParse(stored ?? {})
  return { ...DEFAULT_BUDGETS, ...(parsed.success ? parsed.data : {}) }
}
