import type { LogEntry } from '@clawbernetes/protocol/views/workload-log'

/** Lines that a page holds at most; older ones leave and can be read again by scrolling up. */
export const MAX_LINES = 50_000

export type LogBuffer = {
  lines: readonly LogEntry[]
  /** Where to read older lines from; null: the first line of the log is here. */
  before: string | null
  /** Where to read newer lines from; null: nothing has been read. */
  after: string | null
  /** Lines that left at the top because the buffer was full. */
  left: number
  /** Lines that came at the bottom since the reader stopped following. */
  unseen: number
}

export const EMPTY_BUFFER: LogBuffer = { lines: [], before: null, after: null, left: 0, unseen: 0 }

type Page = { lines: readonly LogEntry[]; before: string | null; after: string | null }

/** Cursors count upwards and may be longer than a number holds. */
const isAfter = (a: string, b: string): boolean => (a.length === b.length ? a > b : a.length > b.length)

/** Adds newer lines; those that are there already are dropped, so a page that is read twice does no harm. */
export function appendPage(buffer: LogBuffer, page: Page, following: boolean): LogBuffer {
  const last = buffer.lines.at(-1)?.cursor
  const fresh = last === undefined ? page.lines : page.lines.filter((line) => isAfter(line.cursor, last))
  const after = page.after ?? buffer.after
  const before = buffer.lines.length === 0 ? page.before : buffer.before
  if (fresh.length === 0) return { ...buffer, after, before }
  const lines = [...buffer.lines, ...fresh]
  const over = Math.max(0, lines.length - MAX_LINES)
  const kept = over > 0 ? lines.slice(over) : lines
  return {
    lines: kept,
    after,
    before: over > 0 ? (kept[0]?.cursor ?? before) : before,
    left: buffer.left + over,
    unseen: following ? 0 : buffer.unseen + fresh.length,
  }
}

/** Adds older lines. A full buffer takes none: the newest lines are the ones that matter. */
export function prependPage(buffer: LogBuffer, page: Page): LogBuffer {
  const first = buffer.lines[0]?.cursor
  const older = first === undefined ? page.lines : page.lines.filter((line) => isAfter(first, line.cursor))
  const room = MAX_LINES - buffer.lines.length
  const taken = room > 0 ? older.slice(-room) : []
  return {
    ...buffer,
    lines: [...taken, ...buffer.lines],
    before: taken.length < older.length ? null : page.before,
  }
}

export type Finder = { test: (text: string) => boolean } | null

/** A pattern as people type it: a regular expression if it is one, else its plain letters. */
export function finderOf(query: string): Finder {
  if (query === '') return null
  try {
    return new RegExp(query, 'i')
  } catch {
    const plain = query.toLowerCase()
    return { test: (text) => text.toLowerCase().includes(plain) }
  }
}

/** Places of the lines that a find hits. */
export function findHits(lines: readonly LogEntry[], finder: Finder): number[] {
  if (!finder) return []
  return lines.flatMap((line, index) => (finder.test(line.text) ? [index] : []))
}

export function logText(lines: readonly LogEntry[]): string {
  return lines
    .map((line) => `${new Date(line.atMs).toISOString()} [${line.ordinal}] ${line.stream} ${line.text}`)
    .join('\n')
}
