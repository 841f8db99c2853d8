import { DEFAULT_BUDGETS, type PlannerSettingsView } from '@clawbernetes/protocol/views/planner'
import { describe, expect, it } from 'vitest'
import { checkDraft, draftOf, dropsKey, fieldOf } from './planner-draft'

const settings = (over: Partial<PlannerSettingsView> = {}): PlannerSettingsView => ({
  provider: 'openai-compatible',
  model: 'qwen3',
  baseUrl: 'http://localhost:8000/v1',
  keyTail: 'WXYZ',
  inputPriceMicroUsd: 2_500_000,
  outputPriceMicroUsd: null,
  budgets: DEFAULT_BUDGETS,
  installation: { provider: 'embedded', model: null, keyTail: null, problem: null },
  updatedAt: null,
  ...over,
})

describe('the planner form', () => {
  it('sends back what it was given, without a key', () => {
    const checked = checkDraft(draftOf(settings()))
    expect(checked).toEqual({
      ok: true,
      input: {
        provider: 'openai-compatible',
        model: 'qwen3',
        baseUrl: 'http://localhost:8000/v1',
        inputPriceMicroUsd: 2_500_000,
        outputPriceMicroUsd: null,
        budgets: DEFAULT_BUDGETS,
      },
    })
  })

  it('names the first field that cannot be sent', () => {
    const draft = draftOf(settings())
    expect(checkDraft({ ...draft, model: ' ' })).toMatchObject({ field: 'model' })
    expect(checkDraft({ ...draft, baseUrl: '' })).toMatchObject({ field: 'baseUrl' })
    expect(checkDraft({ ...draft, inputPriceUsd: '2,50' })).toMatchObject({ field: 'inputPriceUsd' })
    expect(checkDraft({ ...draft, budgets: { ...draft.budgets, dayTokens: '1.5' } })).toMatchObject({
      field: 'dayTokens',
    })
    expect(checkDraft({ ...draft, budgets: { ...draft.budgets, dayTokens: '1,000' } })).toMatchObject({ ok: true })
  })

  it('tells that a stored key is dropped when provider or address changes', () => {
    const draft = draftOf(settings())
    expect(dropsKey(draft, settings())).toBe(false)
    expect(dropsKey({ ...draft, baseUrl: 'http://localhost:8000/v1/' }, settings())).toBe(false)
    expect(dropsKey({ ...draft, baseUrl: 'http://other/v1' }, settings())).toBe(true)
    expect(dropsKey({ ...draft, provider: 'ollama' }, settings())).toBe(true)
    expect(dropsKey({ ...draft, provider: 'ollama', apiKey: 'new' }, settings())).toBe(false)
    expect(dropsKey({ ...draft, provider: 'ollama' }, settings({ keyTail: null }))).toBe(false)
  })

  it('puts a refusal of the server at its field', () => {
    expect(fieldOf('baseUrl: Only http and https addresses are used.')).toBe('baseUrl')
    expect(fieldOf('The API key is missing.')).toBe('apiKey')
    expect(fieldOf('budgets.turnTokens: Too small')).toBe('turnTokens')
    expect(fieldOf('To change the policy you need the role admin.')).toBeNull()
  })
})
