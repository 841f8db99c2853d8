import type { LogLine } from '@clawbernetes/protocol/node/replica'
import type { RuntimeLine } from '../runtime/runtime'
import type { LogCursor } from './log-cursor'

export const BUFFER_LINES = 4_000
const BUFFER_CHARS = 2 * 1024 * 1024
const BATCH_LINES = 500
const BATCH_CHARS = 512 * 1024
const LINE_CHARS = 8_000

interface Held {
  line: LogLine
  /** The cursor when everything up to this line is stored. */
  after: Pick<LogCursor, 'atMs' | 'linesAtMs'>
}

/**
 * Numbers the lines of one replica and holds them until they are stored: bounded, the oldest dropped and counted, the gap
 * visible in their numbers. Numbers are given when a line is read, so that reading again gives the same ones.
 */
export class LogBuffer {
  #held: Held[] = []
  #chars = 0
  #dropped = 0
  #nextSeq: number
  #readMs: number | null
  #readAtMs: number
  /** Lines at the cursor's time that were stored before and come again. */
  #skip: number

  constructor(cursor: Omit<LogCursor, 'generation'>) {
    this.#nextSeq = cursor.nextSeq
    this.#readMs = cursor.atMs
    this.#readAtMs = cursor.linesAtMs
    this.#skip = cursor.linesAtMs
  }

  /** The next attempt's output begins: nothing of it was read before, whatever its times. */
  beginAnew(): void {
    this.#skip = 0
    this.#readMs = null
    this.#readAtMs = 0
  }

  /** The number that the next line gets. */
  get nextSeq(): number {
    return this.#nextSeq
  }

  get empty(): boolean {
    return this.#held.length === 0
  }

  add(read: RuntimeLine): void {
    // The exact time is the runtime's cursor (containers tell lines of one millisecond apart by it); the wire has whole ones.
    const { atMs } = read
    if (this.#skip > 0 && this.#readMs !== null && atMs <= this.#readMs) {
      if (atMs === this.#readMs) this.#skip--
      return
    }
    this.#skip = 0
    this.#readAtMs = atMs === this.#readMs ? this.#readAtMs + 1 : 1
    this.#readMs = atMs
    const text = storable(read.text)
    this.#held.push({
      line: { seq: this.#nextSeq++, atMs: Math.trunc(atMs), stream: read.stream, text },
      after: { atMs, linesAtMs: this.#readAtMs },
    })
    this.#chars += text.length
    while (this.#held.length > BUFFER_LINES || this.#chars > BUFFER_CHARS) {
      this.#chars -= this.#held.shift()?.line.text.length ?? 0
      this.#dropped++
    }
  }

  /** The next lines to send, at most `maxLines`; they stay until `stored`. */
  peek(maxLines = BATCH_LINES): { lines: LogLine[]; dropped: number } | null {
    const lines: LogLine[] = []
    let chars = 0
    for (const { line } of this.#held) {
      chars += line.text.length
      if (lines.length >= Math.min(maxLines, BATCH_LINES) || (lines.length > 0 && chars > BATCH_CHARS)) break
      lines.push(line)
    }
    return lines.length === 0 ? null : { lines, dropped: this.#dropped }
  }

  /** The gateway has everything up to `seq`. Gives the place to remember, or null when that is an old story. */
  stored(seq: number, dropped: number): Omit<LogCursor, 'generation'> | null {
    let last: Held | null = null
    while (this.#held[0] && this.#held[0].line.seq <= seq) {
      last = this.#held.shift() ?? null
      this.#chars -= last?.line.text.length ?? 0
    }
    this.#dropped = Math.max(0, this.#dropped - dropped)
    return last && { nextSeq: last.line.seq + 1, ...last.after }
  }
}

/** A database text holds neither NUL nor half a surrogate pair; everything else is the workload's own. */
const storable = (text: string): string => {
  const cut = text.length > LINE_CHARS ? `${text.slice(0, LINE_CHARS - 1)}…` : text
  return Buffer.from(cut, 'utf8').toString('utf8').replaceAll('\0', '\ufffd')
}
