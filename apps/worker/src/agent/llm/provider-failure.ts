import type { LlmFailure } from './llm-turn'
import type { ProviderAnswer } from './provider-fetch'

export interface ReadFailure extends LlmFailure {
  /** Trying again may help. */
  again: boolean
  /** How long the provider wants to be left alone; null: it did not say. */
  retryAfterMs: number | null
}

/** Ended by our own clock, not by the provider. */
export class SilentProvider extends Error {
  constructor(readonly seconds: number) {
    super(`no words for ${seconds} s`)
  }
}

/** An answer that stopped before it was finished. */
export class BrokenAnswer extends Error {}

/** What a failed call means, from the status of the answer. What the provider wrote is not repeated: it may quote the key. */
export function readFailure(error: unknown, answer: ProviderAnswer): ReadFailure {
  const retryAfterMs = answer.retryAfterMs
  if (error instanceof SilentProvider)
    return { short: `no answer within ${error.seconds} s`, advice: null, again: true, retryAfterMs }
  if (error instanceof BrokenAnswer) return { short: 'its answer broke off', advice: null, again: true, retryAfterMs }
  const status = answer.status
  if (status === null) {
    const short = `it could not be reached${codeOf(error)}`
    const advice = 'An administrator can check the address in Settings, Planner.'
    return { short, advice, again: true, retryAfterMs }
  }
  if (status === 401 || status === 403)
    return {
      short: `${status}: it refused the key`,
      advice: 'An administrator has to enter a valid API key in Settings, Planner.',
      again: false,
      retryAfterMs,
    }
  if (status === 404)
    return {
      short: '404: it knows no such model or address',
      advice: 'An administrator can check model and address in Settings, Planner.',
      again: false,
      retryAfterMs,
    }
  if (status === 402)
    return {
      short: '402: its account has no credit',
      advice: 'An administrator has to top it up.',
      again: false,
      retryAfterMs,
    }
  if (status === 429) return { short: '429: too many requests', advice: null, again: true, retryAfterMs }
  if (status === 408 || status === 409 || status >= 500)
    return { short: String(status), advice: null, again: true, retryAfterMs }
  if (status >= 400)
    return {
      short: `${status}: it refused the request`,
      advice: 'An administrator can test the connection in Settings, Planner.',
      again: false,
      retryAfterMs,
    }
  return { short: 'its answer broke off', advice: null, again: true, retryAfterMs }
}

function codeOf(error: unknown): string {
  for (let e: unknown = error, depth = 0; e instanceof Error && depth < 5; e = e.cause, depth++) {
    const code = (e as { code?: unknown }).code
    if (typeof code === 'string' && /^[A-Z_]{3,40}$/.test(code)) return ` (${code})`
  }
  return ''
}
