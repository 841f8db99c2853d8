import type { LogEntry } from '@clawbernetes/protocol/views/workload-log'
import { describe, expect, it } from 'vitest'
import { appendPage, EMPTY_BUFFER, finderOf, findHits, type LogBuffer, MAX_LINES, prependPage } from './log-buffer'

const line = (cursor: number, text = `line ${cursor}`): LogEntry => ({
  cursor: String(cursor),
  replicaId: 'r',
  ordinal: 0,
  seq: cursor,
  atMs: cursor,
  stream: 'stdout',
  level: null,
  text,
})
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => line(from + index))
const page = (lines: LogEntry[], before: string | null = null) => ({
  lines,
  before,
  after: lines.at(-1)?.cursor ?? null,
})
const cursors = (buffer: LogBuffer) => buffer.lines.map((entry) => Number(entry.cursor))

describe('newer lines', () => {
  it('come once, also when a page overlaps or is read twice', () => {
    const first = appendPage(EMPTY_BUFFER, page(range(1, 3)), true)
    const second = appendPage(appendPage(first, page(range(2, 5)), true), page(range(2, 5)), true)
    expect(cursors(second)).toEqual([1, 2, 3, 4, 5])
    expect(second.after).toBe('5')
  })
  it('compare cursors as numbers, not as text', () => {
    const first = appendPage(EMPTY_BUFFER, page([line(9)]), true)
    expect(cursors(appendPage(first, page([line(10)]), true))).toEqual([9, 10])
  })
  it('are counted while the reader looks elsewhere', () => {
    const first = appendPage(EMPTY_BUFFER, page(range(1, 3)), true)
    const paused = appendPage(appendPage(first, page(range(4, 6)), false), page([line(7)]), false)
    expect(paused.unseen).toBe(4)
    expect(appendPage(paused, page([line(8)]), true).unseen).toBe(0)
  })
  it('push the oldest out of a full buffer, which can be read again', () => {
    const full = appendPage(EMPTY_BUFFER, page(range(1, MAX_LINES)), true)
    const next = appendPage(full, page(range(MAX_LINES + 1, MAX_LINES + 10)), true)
    expect(next.lines).toHaveLength(MAX_LINES)
    expect(next.left).toBe(10)
    expect(next.before).toBe('11')
  })
})

describe('older lines', () => {
  it('come before, once', () => {
    const buffer = appendPage(EMPTY_BUFFER, page(range(10, 12), '10'), true)
    const older = prependPage(buffer, page(range(7, 10), '7'))
    expect(cursors(older)).toEqual([7, 8, 9, 10, 11, 12])
    expect(older.before).toBe('7')
    expect(older.after).toBe('12')
  })
  it('say when the beginning is reached', () => {
    const buffer = appendPage(EMPTY_BUFFER, page(range(2, 3), '2'), true)
    expect(prependPage(buffer, page([line(1)], null)).before).toBeNull()
  })
})

describe('find', () => {
  it('takes a regular expression, and plain letters where it is none', () => {
    const lines = [line(1, 'step=10 loss=2.1'), line(2, 'CUDA error (oom'), line(3, 'step=20')]
    expect(findHits(lines, finderOf('step=\\d+'))).toEqual([0, 2])
    expect(findHits(lines, finderOf('cuda'))).toEqual([1])
    expect(findHits(lines, finderOf('(oom'))).toEqual([1])
    expect(findHits(lines, finderOf(''))).toEqual([])
  })
})
