/** What the last answer of a provider said in its head; SDKs hide it differently. */
export interface ProviderAnswer {
  status: number | null
  retryAfterMs: number | null
}

export interface ProviderFetch {
  fetch: typeof fetch
  last: ProviderAnswer
  /** Ends the request in flight, whatever SDK made it. */
  signal: AbortSignal | null
}

/**
 * The one way to a provider: follows no redirect (a key goes to the address that an administrator wrote, and nowhere else), ends
 * with the attempt, and remembers status and retry-after.
 */
export function providerFetch(): ProviderFetch {
  const state: ProviderFetch = {
    last: { status: null, retryAfterMs: null },
    signal: null,
    fetch: async (url, init) => {
      state.last = { status: null, retryAfterMs: null }
      const signals = [init?.signal, state.signal].filter((s): s is AbortSignal => Boolean(s))
      const response = await fetch(url, {
        ...init,
        redirect: 'error',
        ...(signals.length > 0 ? { signal: AbortSignal.any(signals) } : {}),
      })
      state.last = { status: response.status, retryAfterMs: retryAfterMs(response.headers) }
      return response
    },
  }
  return state
}

function retryAfterMs(headers: Headers): number | null {
  const ms = Number(headers.get('retry-after-ms') ?? Number.NaN)
  if (Number.isFinite(ms) && ms >= 0) return ms
  const text = headers.get('retry-after')
  if (!text) return null
  const seconds = Number(text)
  if (Number.isFinite(seconds) && seconds >= 0) return seconds * 1000
  const at = Date.parse(text)
  return Number.isFinite(at) ? Math.max(0, at - Date.now()) : null
}
