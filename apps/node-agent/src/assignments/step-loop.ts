import { reasonOf } from '../agent-log'
import { Wake } from '../wake'
import { ENGINE_RETRY_MS } from './engine-rest'
import type { SupervisorDeps } from './supervisor-deps'

/** Takes steps while there is something to do, then sleeps until woken or until a time that a step named. */
export class StepLoop {
  #wakeAtMs: number | null = null
  readonly #wake = new Wake()

  constructor(
    private readonly name: string,
    private readonly deps: Pick<SupervisorDeps, 'clock' | 'signal' | 'log'>,
  ) {}

  wake(): void {
    this.#wake.wake()
  }

  /** The sleep after this step ends then at the latest. */
  wakeAt(atMs: number | null): void {
    this.#wakeAtMs = atMs
  }

  /** @param step does one thing; true when there may be more to do */
  async run(step: () => Promise<boolean>, over: () => boolean): Promise<void> {
    const { clock, signal, log } = this.deps
    while (!signal.aborted && !over()) {
      this.#wakeAtMs = null
      let progress = false
      try {
        progress = await step()
      } catch (error) {
        // A full disk or a broken journal: nothing may be done unrecorded, so look again later.
        log.warn(`${this.name}: ${reasonOf(error)}`)
        this.#wakeAtMs = clock.now() + ENGINE_RETRY_MS
      }
      if (progress) continue
      const waitMs = this.#wakeAtMs === null ? null : Math.max(0, this.#wakeAtMs - clock.now())
      await this.#wake.sleep(waitMs, clock, signal)
    }
  }
}
