import { setTimeout as delay } from 'node:timers/promises'

/** Time and randomness as an argument, so that back-off and expiry can be tested without waiting. */
export interface Clock {
  now(): number
  /** Resolves after `ms`, or at once when the signal aborts: never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** In [0, 1). */
  random(): number
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (ms, signal) => {
    try {
      await delay(ms, undefined, { signal })
    } catch {
      // Aborted: the caller looks at its signal.
    }
  },
  random: () => Math.random(),
}
