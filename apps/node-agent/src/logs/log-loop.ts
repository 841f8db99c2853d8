import { type AgentLog, reasonOf } from '../agent-log'
import type { Clock } from '../clock'
import { deliver } from '../connection/deliver'
import type { GatewayConnection } from '../connection/gateway-connection'
import type { ReplicaKey, Runtime } from '../runtime/runtime'
import { Wake } from '../wake'
import { LogBuffer } from './log-buffer'
import type { LogCursor, LogCursors } from './log-cursor'

/** Lines that come close together travel together; also what bounds a chatty replica: one batch a replica and beat. */
const BEAT_MS = 150
const SAVE_EVERY_MS = 1_000
/** How long an ended attempt's output is waited for before the runtime may forget it. */
const READ_WAIT_MS = 3_000
const START: LogCursor = { generation: 0, nextSeq: 0, atMs: null, linesAtMs: 0 }

interface Follower {
  key: ReplicaKey
  buffer: LogBuffer
  stop: () => void
  ended: boolean
  cursor: LogCursor
  unsaved: boolean
}

/** Ships the output of every replica, numbered, each line until it is stored. */
export class LogLoop {
  readonly #followers = new Map<string, Follower>()
  /** What is being done about a replica's follower, one after the other: opened (its place is read from disk), forgotten. */
  readonly #opening = new Map<string, Promise<void>>()
  readonly #wake = new Wake()
  #savedAtMs = 0

  constructor(
    private readonly connection: Pick<GatewayConnection, 'online' | 'send'>,
    private readonly cursors: LogCursors,
    private readonly log: AgentLog,
    private readonly clock: Clock,
    private readonly signal: AbortSignal,
  ) {}

  follow(key: ReplicaKey, runtime: Runtime, fresh: boolean): void {
    const before = this.#opening.get(key.replicaId) ?? Promise.resolve()
    const opening = before
      .then(() => this.#open(key, runtime, fresh))
      .catch((error: unknown) =>
        this.log.warn(`The output of replica ${key.replicaId} cannot be followed: ${reasonOf(error)}`),
      )
    this.#opening.set(key.replicaId, opening)
  }

  /** Resolves when an ended attempt's lines were read to the end and, while the gateway is there, stored; or after a while. */
  async read(replicaId: string): Promise<void> {
    const until = this.clock.now() + READ_WAIT_MS
    await this.#opening.get(replicaId)
    const done = () => {
      const follower = this.#followers.get(replicaId)
      return !follower || (follower.ended && (follower.buffer.empty || !this.connection.online))
    }
    while (!done() && this.clock.now() < until && !this.signal.aborted) await this.clock.sleep(20, this.signal)
    this.#followers.get(replicaId)?.stop()
  }

  forget(replicaId: string): void {
    const before = this.#opening.get(replicaId) ?? Promise.resolve()
    const forgetting: Promise<void> = before.then(async () => {
      const follower = this.#followers.get(replicaId)
      follower?.stop()
      this.#followers.delete(replicaId)
      await this.cursors.forget(replicaId, follower?.buffer.nextSeq ?? 0)
      if (this.#opening.get(replicaId) === kept) this.#opening.delete(replicaId)
    })
    const kept = forgetting.catch((error: unknown) =>
      this.log.warn(`The place in the output of replica ${replicaId} could not be forgotten: ${reasonOf(error)}`),
    )
    this.#opening.set(replicaId, kept)
  }

  wake(): void {
    this.#wake.wake()
  }

  async run(): Promise<void> {
    while (!this.signal.aborted) {
      const waiting = [...this.#followers.values()].filter((f) => !f.buffer.empty)
      if (!this.connection.online || waiting.length === 0) {
        await this.#save()
        await this.#wake.sleep(
          [...this.#followers.values()].some((f) => f.unsaved) ? SAVE_EVERY_MS : null,
          this.clock,
          this.signal,
        )
        if (!this.connection.online) continue
        await this.clock.sleep(BEAT_MS, this.signal)
        continue
      }
      for (const follower of waiting) if (!(await this.#ship(follower))) break
      await this.#save()
      await this.clock.sleep(BEAT_MS, this.signal)
    }
    await Promise.all(this.#opening.values())
    for (const follower of this.#followers.values()) follower.stop()
    await this.#save(true)
  }

  async #open(key: ReplicaKey, runtime: Runtime, fresh: boolean): Promise<void> {
    const known = this.#followers.get(key.replicaId)
    known?.stop()
    const cursor = known?.cursor ??
      (await this.cursors.load(key.replicaId)) ?? { ...START, nextSeq: this.cursors.firstSeq }
    const resumes = !fresh && cursor.generation === key.generation
    const follower: Follower = known ?? {
      key,
      buffer: new LogBuffer(resumes ? cursor : { ...START, nextSeq: cursor.nextSeq }),
      stop: () => {},
      ended: false,
      cursor,
      unsaved: false,
    }
    if (known) known.buffer.beginAnew()
    follower.key = key
    follower.ended = false
    this.#followers.set(key.replicaId, follower)
    const sinceMs = resumes && !known ? cursor.atMs : null
    let live = true
    const stop = runtime.logs(
      key,
      sinceMs,
      (line) => {
        if (!live) return
        follower.buffer.add(line)
        this.#wake.wake()
      },
      () => {
        follower.ended = true
      },
    )
    follower.stop = () => {
      live = false
      stop()
    }
  }

  /** One batch; false when the gateway is away. */
  async #ship(follower: Follower): Promise<boolean> {
    const batch = follower.buffer.peek()
    const last = batch?.lines.at(-1)
    if (!batch || !last) return true
    const { replicaId, generation } = follower.key
    const outcome = await deliver(
      `output of replica ${replicaId}`,
      () => this.connection.send('logs', { replicaId, generation, ...batch }),
      this.log,
      this.clock,
      this.signal,
    )
    if (outcome === 'offline') return false
    const place = follower.buffer.stored(last.seq, batch.dropped)
    if (place) {
      follower.cursor = { generation, ...place }
      follower.unsaved = true
    }
    return true
  }

  async #save(now = false): Promise<void> {
    if (!now && this.clock.now() - this.#savedAtMs < SAVE_EVERY_MS) return
    this.#savedAtMs = this.clock.now()
    for (const [replicaId, follower] of this.#followers) {
      if (!follower.unsaved) continue
      follower.unsaved = false
      await this.cursors
        .save(replicaId, follower.cursor)
        .catch((error: unknown) =>
          this.log.warn(`The place in the output of replica ${replicaId} was not kept: ${reasonOf(error)}`),
        )
    }
  }
}
