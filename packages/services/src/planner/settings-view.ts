import type { PlannerSettingsModel } from '@clawbernetes/db/rows'
import { PLANNER_PROVIDERS, type PlannerSettingsView } from '@clawbernetes/protocol/views/planner'
import { installationPlanner, tailOf } from './installation-planner'
import { readBudgets } from './stored-budgets'

/** Settings as an administrator sees them: of keys only the tail. */
export function settingsView(row: PlannerSettingsModel | null): PlannerSettingsView {
  const installation = installationPlanner()
  return {
    provider: PLANNER_PROVIDERS.find((p) => p === row?.provider) ?? null,
    model: row?.model ?? null,
    baseUrl: row?.baseUrl ?? null,
    keyTail: row?.keySealed ? (row.keyTail ?? '') : null,
    inputPriceMicroUsd: row?.inputPriceMicroUsd ?? null,
    outputPriceMicroUsd: row?.outputPriceMicroUsd ?? null,
    budgets: readBudgets(row?.budgets),
    installation: {
      provider: installation.provider,
      model: installation.model,
      keyTail: installation.apiKey === null ? null : tailOf(installation.apiKey),
      problem: installation.problem,
    },
    updatedAt: row?.updatedAt.toISOString() ?? null,
  }
}
