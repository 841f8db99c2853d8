import { closeSync, openSync, readSync } from 'node:fs'
import { LineSplitter } from '../shared/line-splitter'
import type { RuntimeLine } from '../runtime'
import { listSegments, parseStoredLine } from './log-store'

const POLL_MS = 100
const CHUNK_BYTES = 256 * 1024
const OVERTAKEN = 'Output came faster than it was read, and some of it is no longer kept.'

/**
 * Reads stored output from a time on and keeps reading as it grows, from segment to segment. `ended` says that nothing
 * more will be written; the follower then reads to the end, calls `onEnd` and stops.
 */
export class LogFollower {
  #segmentUs: number | null = null
  #fd: number | null = null
  #splitter = new LineSplitter(Number.POSITIVE_INFINITY)
  #timer: NodeJS.Timeout | undefined
  #stopped = false
  readonly done: Promise<void>
  #finish: () => void = () => {}

  constructor(
    readonly dir: string,
    readonly sinceUs: number,
    readonly ended: () => boolean,
    readonly onLine: (line: RuntimeLine) => void,
    readonly onEnd: () => void,
  ) {
    this.done = new Promise((resolve) => {
      this.#finish = resolve
    })
    this.#timer = setTimeout(() => this.#round(), 0)
  }

  stop(): void {
    if (this.#stopped) return
    this.#stopped = true
    clearTimeout(this.#timer)
    this.#close()
    this.#finish()
  }

  /** Reads what is there now, one chunk per turn of the event loop so that a large log does not hold up the agent. */
  #round(): void {
    if (this.#stopped) return
    // Asked before reading: what was written before the end is then surely seen.
    const ended = this.ended()
    const more = this.#tryRead()
    if (more) this.#timer = setTimeout(() => this.#round(), 0)
    else if (ended) {
      this.stop()
      this.onEnd()
    } else this.#timer = setTimeout(() => this.#round(), POLL_MS)
  }

  #tryRead(): boolean {
    try {
      return this.#read()
    } catch {
      return false
    }
  }

  #read(): boolean {
    if (this.#fd === null && !this.#open()) return false
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES)
    const length = this.#fd === null ? 0 : readSync(this.#fd, chunk, 0, chunk.length, null)
    if (length === 0) return this.#advance()
    for (const text of this.#splitter.push(chunk.subarray(0, length))) this.#deliver(text)
    return true
  }

  #deliver(text: string): void {
    const stored = parseStoredLine(text)
    if (stored && stored.us > this.sinceUs && !this.#stopped) this.onLine(stored.line)
  }

  #open(): boolean {
    const segments = listSegments(this.dir)
    const start = segments.findLast((segment) => segment.firstUs <= this.sinceUs) ?? segments[0]
    return start ? this.#use(start) : false
  }

  #advance(): boolean {
    const segments = listSegments(this.dir)
    const next = segments.find((segment) => segment.firstUs > (this.#segmentUs ?? 0))
    if (!next) return false
    // The writer goes on to a new segment only when the old one is complete, but it may have grown since we read it.
    if (this.#drainCurrent()) return true
    const overtaken = segments[0] === next && next.firstUs > this.sinceUs
    if (overtaken) this.onLine({ atMs: (next.firstUs - 1) / 1000, stream: 'agent', text: OVERTAKEN })
    return this.#use(next)
  }

  #drainCurrent(): boolean {
    if (this.#fd === null) return false
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES)
    const length = readSync(this.#fd, chunk, 0, chunk.length, null)
    for (const text of this.#splitter.push(chunk.subarray(0, length))) this.#deliver(text)
    return length > 0
  }

  #use(segment: { file: string; firstUs: number }): boolean {
    this.#close()
    try {
      this.#fd = openSync(segment.file, 'r')
    } catch {
      return false
    }
    this.#segmentUs = segment.firstUs
    this.#splitter = new LineSplitter(Number.POSITIVE_INFINITY)
    return true
  }

  #close(): void {
    if (this.#fd !== null) closeSync(this.#fd)
    this.#fd = null
  }
}
