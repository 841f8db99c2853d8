/** Allows `perSecond` on average and `burst` at once. Time is an argument. */
export class TokenBucket {
  #level: number
  #atMs: number

  constructor(
    private readonly perSecond: number,
    private readonly burst: number,
    nowMs: number,
  ) {
    this.#level = burst
    this.#atMs = nowMs
  }

  /** Takes `n` tokens if they are there. */
  take(nowMs: number, n = 1): boolean {
    this.#fill(nowMs)
    if (this.#level < n) return false
    this.#level -= n
    return true
  }

  /** Takes `n` tokens in any case; how long to wait until they are paid. */
  owe(nowMs: number, n: number): number {
    this.#fill(nowMs)
    this.#level -= n
    return this.#level >= 0 ? 0 : Math.ceil((-this.#level / this.perSecond) * 1000)
  }

  get full(): boolean {
    return this.#level >= this.burst
  }

  #fill(nowMs: number): void {
    this.#level = Math.min(this.burst, this.#level + (Math.max(0, nowMs - this.#atMs) / 1000) * this.perSecond)
    this.#atMs = nowMs
  }
}

/** One bucket per key (an address); forgets keys whose bucket is full again. */
export class KeyedLimit {
  readonly #buckets = new Map<string, TokenBucket>()

  constructor(
    private readonly perSecond: number,
    private readonly burst: number,
    private readonly maxKeys = 10_000,
  ) {}

  take(key: string, nowMs: number): boolean {
    if (this.#buckets.size >= this.maxKeys) this.#forget(nowMs)
    let bucket = this.#buckets.get(key)
    if (!bucket) {
      bucket = new TokenBucket(this.perSecond, this.burst, nowMs)
      this.#buckets.set(key, bucket)
    }
    return bucket.take(nowMs)
  }

  #forget(nowMs: number): void {
    for (const [key, bucket] of this.#buckets) {
      bucket.take(nowMs, 0)
      if (bucket.full) this.#buckets.delete(key)
    }
    // All of them in use at once is an attack from many addresses: start over rather than grow.
    if (this.#buckets.size >= this.maxKeys) this.#buckets.clear()
  }
}
