import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, statSync, unlinkSync, writeSync } from 'node:fs'
import path from 'node:path'
import type { RuntimeLine } from '../runtime'

/** How much output of one replica stays on disk: the oldest segment goes when a new one would be too many. */
export interface LogLimits {
  segmentBytes: number
  segments: number
}
export const DEFAULT_LOG_LIMITS: LogLimits = { segmentBytes: 8 * 1024 * 1024, segments: 8 }

const STREAM_LETTERS = { stdout: 'o', stderr: 'e', agent: 'a' } as const
const STREAMS = new Map<string, RuntimeLine['stream']>(
  Object.entries(STREAM_LETTERS).map(([stream, letter]) => [letter, stream as RuntimeLine['stream']]),
)

/** Segments are named after the time of their first line in microseconds, so names sort and a reader can start in the middle. */
export function listSegments(dir: string): { file: string; firstUs: number }[] {
  let names: string[]
  try {
    names = readdirSync(dir)
  } catch {
    return []
  }
  return names
    .filter((name) => /^\d{17}\.log$/.test(name))
    .sort()
    .map((name) => ({ file: path.join(dir, name), firstUs: Number(name.slice(0, 17)) }))
}

/** null for a line cut off by a crash. */
export function parseStoredLine(line: string): { us: number; line: RuntimeLine } | null {
  const match = /^(\d{15,17}) ([oea]) /.exec(line)
  const stream = STREAMS.get(match?.[2] ?? '')
  if (!match || !stream) return null
  const us = Number(match[1])
  return { us, line: { atMs: us / 1000, stream, text: line.slice(match[0].length) } }
}

/** Appends lines with times that grow strictly, also across a change of the supervisor. */
export class LogWriter {
  #fd: number | null = null
  #bytes = 0
  #lastUs: number
  #lost = 0

  constructor(
    readonly dir: string,
    readonly limits: LogLimits = DEFAULT_LOG_LIMITS,
  ) {
    mkdirSync(dir, { recursive: true, mode: 0o700 })
    this.#lastUs = lastStampIn(dir)
  }

  write(stream: RuntimeLine['stream'], lines: string[]): void {
    if (lines.length === 0) return
    const all = this.#lost > 0 ? [`${this.#lost} lines were lost: the disk took no more.`, ...lines] : lines
    const text = all
      .map(
        (line, index) =>
          `${this.#nextUs()} ${index < all.length - lines.length ? 'a' : STREAM_LETTERS[stream]} ${line}\n`,
      )
      .join('')
    try {
      this.#append(Buffer.from(text))
      this.#lost = 0
    } catch {
      // A full disk must not stop the process that is being watched; the loss is told as soon as it can be.
      this.#lost += lines.length
    }
  }

  close(): void {
    if (this.#fd !== null) closeSync(this.#fd)
    this.#fd = null
  }

  #nextUs(): number {
    this.#lastUs = Math.max(Date.now() * 1000, this.#lastUs + 1)
    return this.#lastUs
  }

  #append(data: Buffer): void {
    if (this.#fd === null || this.#bytes >= this.limits.segmentBytes) this.#rotate(data)
    if (this.#fd === null) return
    this.#bytes += writeSync(this.#fd, data)
  }

  #rotate(first: Buffer): void {
    this.close()
    const firstUs = first.toString('latin1', 0, first.indexOf(32)).padStart(17, '0')
    this.#fd = openSync(path.join(this.dir, `${firstUs}.log`), 'a', 0o600)
    this.#bytes = 0
    const segments = listSegments(this.dir)
    for (const { file } of segments.slice(0, Math.max(0, segments.length - this.limits.segments))) unlinkSync(file)
  }
}

function lastStampIn(dir: string): number {
  const last = listSegments(dir).at(-1)
  if (!last) return 0
  const size = statSync(last.file).size
  const text = size > 0 ? readFileSync(last.file, 'latin1') : ''
  const stamps = text
    .trimEnd()
    .split('\n')
    .slice(-3)
    .map((line) => parseStoredLine(line)?.us ?? 0)
  return Math.max(last.firstUs, ...stamps)
}
