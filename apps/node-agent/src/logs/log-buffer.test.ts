import { expect, it } from 'vitest'
import { BUFFER_LINES, LogBuffer } from './log-buffer'

const START = { nextSeq: 0, atMs: null, linesAtMs: 0 }
const line = (atMs: number, text: string) => ({ atMs, stream: 'stdout' as const, text })

it('resumes in the middle of lines of one millisecond', () => {
  const read = [line(5, 'a'), line(7, 'b'), line(7, 'c'), line(7, 'd'), line(9, 'e')]
  const first = new LogBuffer(START)
  for (const l of read.slice(0, 4)) first.add(l)
  const cursor = first.stored(2, 0)
  expect(cursor).toEqual({ nextSeq: 3, atMs: 7, linesAtMs: 2 })
  const second = new LogBuffer(cursor ?? START)
  for (const l of read.filter((l) => l.atMs >= 7)) second.add(l)
  expect(second.peek()?.lines.map((l) => [l.seq, l.text])).toEqual([
    [3, 'd'],
    [4, 'e'],
  ])
})

it('resumes by the exact time where a runtime tells lines of one millisecond apart', () => {
  const read = [line(5, 'a'), line(5.001, 'b'), line(5.002, 'c')]
  const first = new LogBuffer(START)
  for (const l of read) first.add(l)
  expect(first.peek()?.lines.map((l) => l.atMs)).toEqual([5, 5, 5])
  const cursor = first.stored(1, 0) ?? START
  expect(cursor).toEqual({ nextSeq: 2, atMs: 5.001, linesAtMs: 1 })
  // Whether the runtime gives the line at the cursor again or not, it is not told twice and none is skipped.
  for (const again of [read.slice(1), read.slice(2)]) {
    const second = new LogBuffer(cursor)
    for (const l of again) second.add(l)
    expect(second.peek()?.lines.map((l) => [l.seq, l.text])).toEqual([[2, 'c']])
  }
})

it('shows dropped lines as a gap in the numbers and counts them', () => {
  const buffer = new LogBuffer(START)
  for (let i = 0; i < BUFFER_LINES + 10; i++) buffer.add(line(i, `${i}`))
  const batch = buffer.peek()
  expect(batch).toMatchObject({ dropped: 10 })
  expect(batch?.lines[0]?.seq).toBe(10)
  expect(batch?.lines).toHaveLength(500)
  buffer.stored(batch?.lines.at(-1)?.seq ?? 0, 10)
  expect(buffer.peek()?.dropped).toBe(0)
})

it('is bounded in size and cuts what is too long for the wire', () => {
  const buffer = new LogBuffer(START)
  for (let i = 0; i < 1_000; i++) buffer.add(line(i, 'x'.repeat(20_000)))
  expect(buffer.peek()?.lines[0]?.text).toHaveLength(8_000)
  expect(buffer.peek()?.dropped).toBeGreaterThan(700)
  const chars = buffer.peek()?.lines.reduce((sum, l) => sum + l.text.length, 0)
  expect(chars).toBeLessThanOrEqual(512 * 1024)
})

it('makes text storable without losing the line', () => {
  const buffer = new LogBuffer(START)
  buffer.add(line(1, 'nul \0 and half \ud83d pair'))
  expect(buffer.peek()?.lines[0]?.text).toBe('nul \ufffd and half \ufffd pair')
})
