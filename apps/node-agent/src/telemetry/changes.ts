import { isDeepStrictEqual } from 'node:util'
import type { GpuCounter, GpuProcess } from '@clawbernetes/protocol/node/telemetry'

/** Which counters and process lists differ from what was last put into a sample. */
export class Changes {
  readonly #counters = new Map<string, number>()
  #processes: GpuProcess[] | null = null

  /** Counters whose value is new, and the process list where it changed. */
  of(counters: GpuCounter[], processes: GpuProcess[]): { counters: GpuCounter[]; processes?: GpuProcess[] } {
    const changed = counters.slice(0, 512).filter((c) => this.#counters.get(keyOf(c)) !== c.value)
    for (const counter of changed) this.#counters.set(keyOf(counter), counter.value)
    const list = processes.slice(0, 256)
    if (isDeepStrictEqual(list, this.#processes)) return { counters: changed }
    this.#processes = list
    return { counters: changed, processes: list }
  }

  /** A sample that carried changes was lost: say everything again. */
  forget(): void {
    this.#counters.clear()
    this.#processes = null
  }
}

const keyOf = (c: GpuCounter): string => `${c.uuid} ${c.kind} ${c.location} ${c.scope}`
