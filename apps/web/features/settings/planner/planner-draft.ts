import type { PlannerBudgets, PlannerProvider, PlannerSettingsView } from '@clawbernetes/protocol/views/planner'

/** The form as it stands: text as typed, so that a half-written number is not lost. */
export interface PlannerDraft {
  provider: PlannerProvider | 'installation'
  model: string
  baseUrl: string
  apiKey: string
  removeKey: boolean
  inputPriceUsd: string
  outputPriceUsd: string
  budgets: Record<BudgetField, string>
}

export type BudgetField = keyof PlannerBudgets
export const BUDGET_FIELDS: readonly { name: BudgetField; label: string; money: boolean }[] = [
  { name: 'turnToolCalls', label: 'Tool calls per answer', money: false },
  { name: 'dayToolCalls', label: 'Tool calls per day', money: false },
  { name: 'turnTokens', label: 'Tokens per answer', money: false },
  { name: 'dayTokens', label: 'Tokens per day', money: false },
  { name: 'turnMicroUsd', label: 'Dollars per answer', money: true },
  { name: 'dayMicroUsd', label: 'Dollars per day', money: true },
]

const MICRO = 1_000_000
const usdText = (micro: number | null): string => (micro === null ? '' : String(micro / MICRO))

export function draftOf(settings: PlannerSettingsView): PlannerDraft {
  const budget = (name: BudgetField, money: boolean) =>
    money ? usdText(settings.budgets[name]) : settings.budgets[name].toLocaleString('en')
  return {
    provider: settings.provider ?? 'installation',
    model: settings.model ?? '',
    baseUrl: settings.baseUrl ?? '',
    apiKey: '',
    removeKey: false,
    inputPriceUsd: usdText(settings.inputPriceMicroUsd),
    outputPriceUsd: usdText(settings.outputPriceMicroUsd),
    budgets: Object.fromEntries(BUDGET_FIELDS.map((f) => [f.name, budget(f.name, f.money)])) as PlannerDraft['budgets'],
  }
}

export const isLanguageModel = (provider: PlannerDraft['provider']): boolean =>
  provider !== 'installation' && provider !== 'embedded'

/** True when saving drops the stored key: it belongs to the provider and address it was entered for. */
export function dropsKey(draft: PlannerDraft, settings: PlannerSettingsView): boolean {
  if (settings.keyTail === null || draft.apiKey.trim() !== '') return false
  return draft.provider !== settings.provider || draft.baseUrl.trim().replace(/\/+$/, '') !== (settings.baseUrl ?? '')
}

export type PlannerInput = {
  provider: PlannerProvider | null
  model: string | null
  baseUrl: string | null
  apiKey?: string | null
  inputPriceMicroUsd: number | null
  outputPriceMicroUsd: number | null
  budgets: Partial<PlannerBudgets>
}

export type FieldName = 'model' | 'baseUrl' | 'apiKey' | 'inputPriceUsd' | 'outputPriceUsd' | BudgetField
export type Checked = { ok: true; input: PlannerInput } | { ok: false; field: FieldName; message: string }

/** The form as it is sent, or its first field that cannot be. The server checks everything again. */
export function checkDraft(draft: PlannerDraft): Checked {
  const language = isLanguageModel(draft.provider)
  if (language && draft.model.trim() === '')
    return { ok: false, field: 'model', message: 'The name of the model is missing.' }
  if (draft.provider === 'openai-compatible' && draft.baseUrl.trim() === '')
    return { ok: false, field: 'baseUrl', message: 'The address of the API is missing.' }
  const prices: Record<'inputPriceUsd' | 'outputPriceUsd', number | null> = {
    inputPriceUsd: null,
    outputPriceUsd: null,
  }
  for (const name of ['inputPriceUsd', 'outputPriceUsd'] as const) {
    const text = draft[name].trim()
    const usd = Number(text)
    if (text !== '' && !(Number.isFinite(usd) && usd >= 0))
      return { ok: false, field: name, message: 'Write dollars, such as 2.50.' }
    prices[name] = text === '' ? null : Math.round(usd * MICRO)
  }
  const budgets: Partial<PlannerBudgets> = {}
  for (const { name, money } of BUDGET_FIELDS) {
    const text = draft.budgets[name].trim().replaceAll(',', '')
    const value = Number(text)
    if (text === '' || !Number.isFinite(value) || value < 0 || (!money && !Number.isInteger(value)))
      return { ok: false, field: name, message: money ? 'Write dollars; 0 is no cap.' : 'Write a whole number.' }
    budgets[name] = money ? Math.round(value * MICRO) : value
  }
  const key = draft.apiKey.trim()
  return {
    ok: true,
    input: {
      provider: draft.provider === 'installation' ? null : draft.provider,
      model: language ? draft.model.trim() : null,
      baseUrl: language && draft.baseUrl.trim() !== '' ? draft.baseUrl.trim() : null,
      ...(key !== '' ? { apiKey: key } : draft.removeKey ? { apiKey: null } : {}),
      inputPriceMicroUsd: prices.inputPriceUsd,
      outputPriceMicroUsd: prices.outputPriceUsd,
      budgets,
    },
  }
}

/** The field that a refusal of the server speaks of; null: the form as a whole. */
export function fieldOf(message: string): FieldName | null {
  if (/^model:|name of the model/i.test(message)) return 'model'
  if (/^baseUrl:|address of/i.test(message)) return 'baseUrl'
  if (/^apiKey:|API key is missing|A key has/i.test(message)) return 'apiKey'
  const budget = /^budgets\.(\w+):/.exec(message)?.[1]
  return BUDGET_FIELDS.find((f) => f.name === budget)?.name ?? null
}
