/** Something that looks at the whole database from time to time and puts right what it finds. Safe to run anywhere, any number of times. */
export interface Sweep {
  name: string
  everyMs: number
  run: () => Promise<unknown>
}

export interface Sweeping {
  /** Runs a sweep now instead of at its time; while it runs, once more after it. */
  poke(name: string): void
  stop(): Promise<void>
}

/** Runs each sweep on its own clock, never twice at once, and goes on after a failure. */
export function runSweeps(sweeps: readonly Sweep[], log: (message: string) => void): Sweeping {
  const clocks = new Map(
    sweeps.map((sweep, i) => [sweep.name, new SweepClock(sweep, log, firstDelay(sweep, i, sweeps.length))]),
  )
  return {
    poke: (name) => clocks.get(name)?.poke(),
    stop: async () => {
      await Promise.all([...clocks.values()].map((clock) => clock.stop()))
    },
  }
}

/** Spread over the first second, so that they do not all start in one moment. */
const firstDelay = (sweep: Sweep, index: number, count: number): number =>
  Math.min(sweep.everyMs, (index * 1000) / count)

class SweepClock {
  private timer: NodeJS.Timeout | undefined
  private running: Promise<void> | undefined
  private again = false
  private stopped = false

  constructor(
    private readonly sweep: Sweep,
    private readonly log: (message: string) => void,
    delayMs: number,
  ) {
    this.wait(delayMs)
  }

  poke(): void {
    if (this.stopped) return
    if (this.running) this.again = true
    else this.wait(0)
  }

  async stop(): Promise<void> {
    this.stopped = true
    clearTimeout(this.timer)
    await this.running
  }

  private wait(delayMs: number): void {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.round(), delayMs)
  }

  private round(): void {
    this.running = this.once().finally(() => {
      this.running = undefined
      if (this.stopped) return
      this.wait(this.again ? 0 : this.sweep.everyMs)
      this.again = false
    })
  }

  private async once(): Promise<void> {
    try {
      await this.sweep.run()
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      this.log(`sweep ${this.sweep.name} failed and runs again: ${reason}`)
    }
  }
}
