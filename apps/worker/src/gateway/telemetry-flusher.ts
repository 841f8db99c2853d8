import type { NodeBatch, TelemetryStore } from '@clawbernetes/services/telemetry/telemetry-store'
import type { GatewayMetrics } from './gateway-metrics'

const FLUSH_EVERY_MS = 250
/** Node batches in one transaction at most. */
const FLUSH_MAX = 1_000
const WAITING_PER_NODE = 4

interface Waiting {
  item: NodeBatch
  done: () => void
  failed: (error: unknown) => void
}

/**
 * Collects the batches of many nodes and stores them together: a node's batch is acknowledged when the transaction that
 * holds it is committed. One flush at a time; a node has at most one batch in each, so that their order is kept.
 */
export class TelemetryFlusher {
  readonly #waiting: Waiting[] = []
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> = Promise.resolve()
  #stopped = false

  constructor(
    private readonly store: TelemetryStore,
    private readonly metrics: GatewayMetrics,
  ) {}

  /** Resolves when the batch is stored (or was before); rejects when it could not be. */
  add(item: NodeBatch): Promise<void> {
    if (this.#stopped) return Promise.reject(new Error('the gateway is stopping'))
    // A node waits for each answer: more of it here means that it came back while the database hangs.
    if (this.#waiting.filter((waiting) => waiting.item.nodeNum === item.nodeNum).length >= WAITING_PER_NODE)
      return Promise.reject(new Error('batches of this node already wait for the database'))
    return new Promise((done, failed) => {
      this.#waiting.push({ item, done, failed })
      this.#timer ??= setTimeout(() => this.#next(), FLUSH_EVERY_MS)
    })
  }

  /** Stores what waits and takes nothing more. */
  async stop(): Promise<void> {
    this.#stopped = true
    while (this.#waiting.length > 0) {
      this.#next()
      await this.#running
    }
    await this.#running
  }

  #next(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#running = this.#running.then(() => this.#flush())
  }

  async #flush(): Promise<void> {
    const taken = this.#take()
    if (taken.length === 0) return
    try {
      const { samples, duplicates, tooOld } = await this.store.store(taken.map((waiting) => waiting.item))
      this.metrics.add('telemetry_flushes')
      this.metrics.add('telemetry_samples', samples)
      this.metrics.add('telemetry_duplicates', duplicates)
      this.metrics.add('telemetry_too_old', tooOld)
      for (const { item, done } of taken) {
        this.metrics.add('telemetry_dropped', item.batch.dropped)
        done()
      }
    } catch (error) {
      for (const { failed } of taken) failed(error)
    }
    if (this.#waiting.length > 0 && !this.#stopped) this.#timer ??= setTimeout(() => this.#next(), FLUSH_EVERY_MS)
  }

  #take(): Waiting[] {
    const nodes = new Set<number>()
    const taken: Waiting[] = []
    const left: Waiting[] = []
    for (const waiting of this.#waiting) {
      const fits = taken.length < FLUSH_MAX && !nodes.has(waiting.item.nodeNum)
      if (fits) nodes.add(waiting.item.nodeNum)
      ;(fits ? taken : left).push(waiting)
    }
    this.#waiting.splice(0, this.#waiting.length, ...left)
    return taken
  }
}
