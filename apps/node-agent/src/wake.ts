import type { Clock } from './clock'

/** Something that a loop sleeps on and others wake. A wake while nobody sleeps is kept for the next sleep. */
export class Wake {
  #woken = false
  #wakeUp: (() => void) | null = null

  wake(): void {
    this.#woken = true
    this.#wakeUp?.()
  }

  /** Sleeps until woken, `ms` have passed (null: no limit) or the signal aborts. */
  async sleep(ms: number | null, clock: Clock, signal: AbortSignal): Promise<void> {
    if (!this.#woken && !signal.aborted) {
      const timer = new AbortController()
      const abort = () => timer.abort()
      await Promise.race([
        new Promise<void>((resolve) => {
          this.#wakeUp = resolve
          signal.addEventListener('abort', () => resolve(), { once: true, signal: timer.signal })
        }),
        ...(ms === null ? [] : [clock.sleep(ms, timer.signal)]),
      ])
      abort()
      this.#wakeUp = null
    }
    this.#woken = false
  }
}
