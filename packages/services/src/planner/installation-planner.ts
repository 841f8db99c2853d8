import { parseProviderAddress } from '@clawbernetes/domain/chat/provider-address'
import { PLANNER_PROVIDERS, type PlannerProvider } from '@clawbernetes/protocol/views/planner'

/** The planner of organisations that chose none: LLM_* of the environment, read once per call so that tests own it. */
export interface InstallationPlanner {
  provider: PlannerProvider
  model: string | null
  baseUrl: string | null
  apiKey: string | null
  inputPriceMicroUsd: number | null
  outputPriceMicroUsd: number | null
  /** What is wrong with the environment, in words; the embedded planner answers then. */
  problem: string | null
}

const EMBEDDED: InstallationPlanner = {
  provider: 'embedded',
  model: null,
  baseUrl: null,
  apiKey: null,
  inputPriceMicroUsd: null,
  outputPriceMicroUsd: null,
  problem: null,
}

export function installationPlanner(env: NodeJS.ProcessEnv = process.env): InstallationPlanner {
  const named = env.LLM_PROVIDER?.trim() || 'embedded'
  const provider = PLANNER_PROVIDERS.find((p) => p === named)
  if (!provider)
    return {
      ...EMBEDDED,
      problem: `LLM_PROVIDER is “${named.slice(0, 40)}”; known are ${PLANNER_PROVIDERS.join(', ')}.`,
    }
  if (provider === 'embedded') return EMBEDDED
  const model = env.LLM_MODEL?.trim() || null
  const apiKey = env.LLM_API_KEY?.trim() || null
  const address = env.LLM_BASE_URL?.trim() ? parseProviderAddress(env.LLM_BASE_URL) : null
  const base = {
    provider,
    model,
    apiKey,
    baseUrl: address?.ok ? address.url : null,
    inputPriceMicroUsd: priceOf(env.LLM_PRICE_INPUT_USD_PER_MTOK),
    outputPriceMicroUsd: priceOf(env.LLM_PRICE_OUTPUT_USD_PER_MTOK),
  }
  const problem =
    address && !address.ok ? `LLM_BASE_URL: ${address.why}` : missingPart({ ...base, hasKey: apiKey !== null })
  return { ...base, problem }
}

/** What a provider still needs before it can be asked, in words; null: nothing. */
export function missingPart(set: {
  provider: PlannerProvider
  model: string | null
  baseUrl: string | null
  hasKey: boolean
}): string | null {
  if (set.provider === 'embedded') return null
  if (!set.model) return 'The name of the model is missing.'
  if (set.provider === 'openai-compatible' && !set.baseUrl)
    return 'The address of the OpenAI-compatible API is missing.'
  if ((set.provider === 'openai' || set.provider === 'anthropic') && !set.hasKey) return 'The API key is missing.'
  return null
}

function priceOf(text: string | undefined): number | null {
  const usd = Number(text?.trim() || Number.NaN)
  return Number.isFinite(usd) && usd >= 0 && usd <= 2000 ? Math.round(usd * 1_000_000) : null
}

/** Enough to recognise a key, too little to use it. */
export const tailOf = (key: string): string => (key.length >= 12 ? key.slice(-4) : '')
