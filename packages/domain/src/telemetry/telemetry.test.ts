import { expect, test } from 'vitest'
import { type CounterRow, counterGrowth, counterSteps, eccGrowth } from './counters'
import { decodeGpu, encode, encodeGpus } from './layout'
import { fillSeries, planSeries } from './series-window'

const HOUR = 3_600_000
const sample = (uuid: string, over = {}) => ({
  uuid,
  utilPct: 67.3,
  memUtilPct: null,
  memUsedMib: 72_908,
  tempC: 91,
  tempMarginC: -2,
  powerW: 288.4,
  smClockMhz: 1095,
  throttleMask: 0x40,
  readability: 'ok' as const,
  ...over,
})

test('a GPU keeps its slot and its values within a unit; not reported stays null', () => {
  const row = encodeGpus([sample('b', { utilPct: 0 })], (uuid) => (uuid === 'b' ? 2 : undefined))
  expect(row.slice(0, 16)).toEqual(Array.from({ length: 16 }, () => null))
  expect(decodeGpu(row, 2)).toEqual({
    utilPct: 0,
    memUtilPct: null,
    memUsedMib: 72_912,
    tempC: 91,
    tempMarginC: -2,
    powerW: 288.4,
    smClockMhz: 1095,
    throttleMask: 64,
  })
  expect(decodeGpu(row, 0).utilPct).toBeNull()
})

test('values beyond the range stand at its end, nonsense is null', () => {
  expect(encode(1e9, 0.1)).toBe(32_767)
  expect(encode(-1e9, 0.1)).toBe(-32_767)
  expect(encode(Number.NaN, 1)).toBeNull()
})

const counter = (value: number, atMs: number, over: Partial<CounterRow> = {}): CounterRow => ({
  kind: 'ecc-corrected',
  location: 'total',
  scope: 'volatile',
  bootId: 'a',
  value,
  atMs,
  ...over,
})

test('"47, was 12 yesterday" within one boot', () => {
  const [growth] = counterGrowth([counter(12, 0), counter(30, 20 * HOUR), counter(47, 30 * HOUR)], 10 * HOUR)
  expect(growth).toMatchObject({ growth: 35, now: 47, before: 12, resets: 0, lastChangeAtMs: 30 * HOUR })
})

test('a reboot starts a volatile counter again: its growth goes on, it does not go back', () => {
  const steps = counterSteps([counter(40, 0), counter(3, 1, { bootId: 'b' }), counter(5, 2, { bootId: 'b' })])
  expect(steps.map((step) => [step.delta, step.reset])).toEqual([
    [0, false],
    [3, true],
    [2, false],
  ])
  // The same value in another boot is new errors as well.
  expect(counterSteps([counter(4, 0), counter(4, 1, { bootId: 'b' })])[1]).toMatchObject({ delta: 4, reset: true })
})

test('an aggregate counter lives through a reboot', () => {
  const steps = counterSteps([
    counter(40, 0, { scope: 'aggregate' }),
    counter(45, 1, { scope: 'aggregate', bootId: 'b' }),
  ])
  expect(steps[1]).toMatchObject({ delta: 5, reset: false })
})

test('errors are counted once though two scopes and three places tell them', () => {
  const rows = ['volatile', 'aggregate'].flatMap((scope) =>
    ['total', 'sram', 'dram'].flatMap((location) => [
      counter(1, 0, { scope, location }),
      counter(location === 'sram' ? 1 : 8, 5, { scope, location }),
    ]),
  )
  expect(eccGrowth(counterGrowth(rows, 1), 'ecc-corrected')).toBe(7)
  expect(eccGrowth(counterGrowth(rows, 1), 'ecc-uncorrected')).toBeNull()
})

test('a window picks its source and at most 1,000 aligned buckets', () => {
  const now = 1_800_000_000_000
  const at = (span: number, ago = 0) => planSeries({ fromMs: now - ago - span, toMs: now - ago }, now, 5000)
  expect(at(HOUR)).toMatchObject({ source: 'raw', stepMs: 10_000 })
  expect(at(24 * HOUR)).toMatchObject({ source: 'minute', stepMs: 120_000 })
  expect(at(HOUR, 72 * HOUR)).toMatchObject({ source: 'minute', stepMs: 60_000 })
  expect(at(90 * 24 * HOUR)).toMatchObject({ source: 'hour' })
  for (const span of [1, 60_000, HOUR, 7 * HOUR, 24 * HOUR, 29 * 24 * HOUR, 399 * 24 * HOUR]) {
    const plan = at(span, 1234)
    expect(plan.points).toBeLessThanOrEqual(1000)
    expect(plan.fromMs % plan.stepMs).toBe(0)
  }
})

test('what nobody reported is a gap', () => {
  const plan = planSeries({ fromMs: 0, toMs: 60_000, maxPoints: 7 }, 60_000, 5000)
  expect(
    fillSeries(
      plan,
      [{ at: 10_000, v: 0 }],
      (r) => r.at,
      (r) => r.v,
    ),
  ).toEqual([null, 0, null, null, null, null])
})
