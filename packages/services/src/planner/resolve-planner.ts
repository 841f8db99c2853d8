import type { PlannerBudgets, PlannerProvider } from '@clawbernetes/protocol/views/planner'
import type { TokenPrice } from '@clawbernetes/domain/chat/planner-budget'
import type { SystemCtx } from '../context'
import { ServiceError } from '../errors'
import { unseal } from '../secrets/seal'
import { installationPlanner, missingPart } from './installation-planner'
import { settingsView } from './settings-view'
import { readBudgets } from './stored-budgets'

/** A language model that can be asked, with its key in the clear: for the worker's hands only. */
export interface LanguageModel {
  provider: Exclude<PlannerProvider, 'embedded'>
  model: string
  baseUrl: string | null
  apiKey: string | null
  price: TokenPrice
  /** "<provider>/<model>": how rows, messages and people name it. */
  name: string
}

export interface ResolvedPlanner {
  /** null: the embedded planner answers. */
  language: LanguageModel | null
  budgets: PlannerBudgets
  /** Why a language model that was asked for cannot be used, for the person. */
  problem: string | null
}

/** The organisation's own settings, or the installation's: never a mix of one's key and the other's address. */
export async function resolvePlanner(sys: SystemCtx, input: { orgId: string }): Promise<ResolvedPlanner> {
  const row = await sys.db.plannerSettings.findUnique({ where: { orgId: input.orgId } })
  const budgets = readBudgets(row?.budgets)
  const own = settingsView(row)
  const price = { inputMicroUsd: own.inputPriceMicroUsd, outputMicroUsd: own.outputPriceMicroUsd }
  if (own.provider === null) {
    const env = installationPlanner()
    if (env.provider === 'embedded' || env.problem || !env.model)
      return { language: null, budgets, problem: env.problem }
    const { provider, model, baseUrl, apiKey } = env
    const envPrice = { inputMicroUsd: env.inputPriceMicroUsd, outputMicroUsd: env.outputPriceMicroUsd }
    return {
      language: {
        provider,
        model,
        baseUrl,
        apiKey,
        price: priced(price) ? price : envPrice,
        name: `${provider}/${model}`,
      },
      budgets,
      problem: null,
    }
  }
  if (own.provider === 'embedded') return { language: null, budgets, problem: null }
  const apiKey = row?.keySealed ? openKey(row.keySealed) : null
  const { provider, model, baseUrl } = own
  const problem =
    apiKey instanceof ServiceError ? apiKey.message : missingPart({ provider, model, baseUrl, hasKey: apiKey !== null })
  if (problem || !model || apiKey instanceof ServiceError) return { language: null, budgets, problem }
  return { language: { provider, model, baseUrl, apiKey, price, name: `${provider}/${model}` }, budgets, problem: null }
}

const priced = (price: TokenPrice): boolean => price.inputMicroUsd !== null && price.outputMicroUsd !== null

function openKey(sealed: string): string | ServiceError {
  try {
    return unseal(sealed)
  } catch (error) {
    if (error instanceof ServiceError) return error
    throw error
  }
}
