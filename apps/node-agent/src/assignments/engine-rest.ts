/** Waits between attempts to reach an engine that does not answer. */
export const ENGINE_RETRY_MS = 2_000
const ENGINE_RETRY_CAP_MS = 10_000

/** An engine that did not answer is not asked again before its time, whatever else wakes the supervisor. */
export class EngineRest {
  #failures = 0
  #untilMs = 0

  /** It did not answer; returns when it may be asked again. */
  begin(nowMs: number): number {
    this.#untilMs = nowMs + Math.min(ENGINE_RETRY_CAP_MS, ENGINE_RETRY_MS * 2 ** Math.min(this.#failures++, 8))
    return this.#untilMs
  }

  /** null: it may be asked now. */
  until(nowMs: number): number | null {
    return nowMs >= this.#untilMs ? null : this.#untilMs
  }

  answered(): void {
    this.#failures = 0
    this.#untilMs = 0
  }
}
