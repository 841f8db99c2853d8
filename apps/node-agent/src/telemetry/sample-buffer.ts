import type { TelemetryBatch, TelemetrySample } from '@clawbernetes/protocol/node/telemetry'

/** At 5 s a tick this holds 40 minutes of a gateway being away. */
export const BUFFER_SAMPLES = 480
const BATCH_SAMPLES = 120
/** Well below MAX_MESSAGE_BYTES of the protocol, with room for the frame around it. */
const BATCH_BYTES = 1024 * 1024

/**
 * Samples on their way to the gateway: bounded, oldest dropped and counted. A batch keeps its number and content until it
 * is acknowledged, so that a repeat after a lost answer can be recognised.
 */
export class SampleBuffer {
  #samples: TelemetrySample[] = []
  #dropped = 0
  #seq = 0
  #inFlight: TelemetryBatch | null = null

  constructor(
    private readonly bootId: string,
    private readonly capacity = BUFFER_SAMPLES,
  ) {}

  get waiting(): number {
    return this.#samples.length + (this.#inFlight?.samples.length ?? 0)
  }

  /** True when a sample had to go to make room: what it said of changes must be said again. */
  add(sample: TelemetrySample): boolean {
    this.#samples.push(sample)
    if (this.#samples.length <= this.capacity) return false
    this.#samples.shift()
    this.#dropped++
    return true
  }

  /** The batch to send now; the same one again until it is acknowledged. null: nothing waits. */
  next(): TelemetryBatch | null {
    if (this.#inFlight) return this.#inFlight
    if (this.#samples.length === 0) return null
    let bytes = 0
    let count = 0
    while (count < Math.min(BATCH_SAMPLES, this.#samples.length)) {
      bytes += JSON.stringify(this.#samples[count]).length
      if (count > 0 && bytes > BATCH_BYTES) break
      count++
    }
    this.#inFlight = {
      seq: this.#seq++,
      bootId: this.bootId,
      samples: this.#samples.splice(0, count),
      dropped: this.#dropped,
    }
    this.#dropped = 0
    return this.#inFlight
  }

  acknowledge(batch: TelemetryBatch): void {
    if (this.#inFlight?.seq === batch.seq) this.#inFlight = null
  }

  /** The gateway will never take this batch: its samples count as dropped. */
  discard(batch: TelemetryBatch): void {
    if (this.#inFlight?.seq !== batch.seq) return
    this.#dropped += batch.samples.length + batch.dropped
    this.#inFlight = null
  }
}
