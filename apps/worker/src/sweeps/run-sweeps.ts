/** Something that looks at the whole database from time to time and puts right what it finds. Safe to run anywhere, any number of times. */
export interface Sweep {
  name: string
  everyMs: number
  run: () => Promise<unknown>
}

/** Runs each sweep on its own clock, never twice at once, and goes on after a failure. */
export function runSweeps(sweeps: readonly Sweep[], log: (message: string) => void): { stop(): Promise<void> } {
  let stopped = false
  const timers = new Set<NodeJS.Timeout>()
  const running = new Set<Promise<void>>()

  const schedule = (sweep: Sweep, delayMs: number) => {
    const timer = setTimeout(() => {
      timers.delete(timer)
      const round = once(sweep).finally(() => {
        running.delete(round)
        if (!stopped) schedule(sweep, sweep.everyMs)
      })
      running.add(round)
    }, delayMs)
    timers.add(timer)
  }
  const once = async (sweep: Sweep) => {
    try {
      await sweep.run()
    } catch (error) {
      log(`sweep ${sweep.name} failed and runs again: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  // Spread over the first second, so that they do not all start in one moment.
  sweeps.forEach((sweep, i) => schedule(sweep, Math.min(sweep.everyMs, (i * 1000) / Math.max(1, sweeps.length))))
  return {
    stop: async () => {
      stopped = true
      for (const timer of timers) clearTimeout(timer)
      await Promise.all(running)
    },
  }
}
