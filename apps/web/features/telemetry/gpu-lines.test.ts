import type { CounterHistory } from '@clawbernetes/protocol/views/gpu'
import { describe, expect, it } from 'vitest'
import { commonLimit, counterLine } from './gpu-lines'

const window = { fromMs: 0, toMs: 50, stepMs: 10 }
const line = { key: 'g', name: 'GPU 3', slot: 3 }
const point = (atMs: number, value: number, scope = 'volatile') => ({
  atMs,
  kind: 'ecc-corrected',
  location: 'total',
  scope,
  bootId: 'b',
  value,
  delta: 0,
  reset: false,
})
const summary = (before: number | null, now: number, scope = 'volatile') => ({
  kind: 'ecc-corrected',
  location: 'total',
  scope,
  growth: 0,
  now,
  before,
  resets: 0,
  lastChangeAtMs: null,
})
const history = (points: CounterHistory['points'], summaries: CounterHistory['summaries']): CounterHistory => ({
  gpuId: 'g',
  fromMs: 0,
  toMs: 50,
  points,
  summaries,
})
const values = (h: CounterHistory) => counterLine(h, 'ecc-corrected', window, line)?.values

describe('a counter over time', () => {
  it('holds its value from before the window until it changes', () => {
    expect(values(history([point(25, 47)], [summary(12, 47)]))).toEqual([12, 12, 47, 47, 47])
  })
  it('is unknown before the first time it was told, not zero', () => {
    expect(values(history([point(25, 47)], [summary(null, 47)]))).toEqual([null, null, 47, 47, 47])
  })
  it('is flat where nothing changed', () => {
    expect(values(history([], [summary(null, 5)]))).toEqual([5, 5, 5, 5, 5])
  })
  it('is no line at all where it is not collected', () => {
    expect(counterLine(history([], []), 'ecc-corrected', window, line)).toBeNull()
  })
  it('does not mix what counts since boot with what counts for ever', () => {
    const both = history([point(5, 3), point(5, 900, 'aggregate')], [summary(0, 3), summary(897, 900, 'aggregate')])
    expect(values(both)).toEqual([3, 3, 3, 3, 3])
    const quiet = history([], [summary(61, 61, 'aggregate'), summary(47, 47)])
    expect(values(quiet)).toEqual([47, 47, 47, 47, 47])
  })
})

it('draws a limit only when it is everybody’s', () => {
  expect(commonLimit([87, 87])).toBe(87)
  expect(commonLimit([87, 90])).toBeNull()
  expect(commonLimit([])).toBeNull()
  expect(commonLimit([null, null])).toBeNull()
})
