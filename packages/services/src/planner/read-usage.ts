import { overDayBudget } from '@clawbernetes/domain/chat/planner-budget'
import type { PlannerUsageView } from '@clawbernetes/protocol/views/planner'
import { type Ctx, requirePermission } from '../context'
import { readBudgets } from './stored-budgets'
import { usageDay } from './usage-day'

const DAY_MS = 24 * 3600_000

/** What the language-model planner used today, against its budgets. */
export async function readUsage({ ctx }: { ctx: Ctx }): Promise<PlannerUsageView> {
  requirePermission(ctx, 'managePolicy')
  const { orgId } = ctx.actor
  const day = usageDay(ctx.now())
  const [rows, settings] = await Promise.all([
    ctx.db.plannerUsage.findMany({ where: { orgId, day }, orderBy: { model: 'asc' } }),
    ctx.db.plannerSettings.findUnique({ where: { orgId }, select: { budgets: true } }),
  ])
  const budgets = readBudgets(settings?.budgets)
  const sum = (pick: (row: (typeof rows)[number]) => number | bigint) =>
    rows.reduce((n, row) => n + Number(pick(row)), 0)
  const used = {
    toolCalls: sum((r) => r.toolCalls),
    tokens: sum((r) => r.inputTokens + r.outputTokens),
    costMicroUsd: sum((r) => r.costMicroUsd),
  }
  return {
    day: day.toISOString().slice(0, 10),
    endsAt: new Date(day.getTime() + DAY_MS).toISOString(),
    ...used,
    turns: sum((r) => r.turns),
    modelCalls: sum((r) => r.modelCalls),
    estimatedTokens: sum((r) => r.estimatedTokens),
    unpricedTokens: sum((r) => r.unpricedTokens),
    fallbacks: sum((r) => r.fallbacks),
    budgets,
    exhausted: overDayBudget(used, budgets),
    models: rows.map((r) => {
      const tokens = Number(r.inputTokens + r.outputTokens)
      return {
        model: r.model,
        turns: r.turns,
        modelCalls: r.modelCalls,
        tokens,
        costMicroUsd: r.unpricedTokens > 0n && Number(r.unpricedTokens) === tokens ? null : Number(r.costMicroUsd),
      }
    }),
  }
}
