import { expect, it } from 'vitest'
import { linePath, valueRange } from './timeseries-path'

const box = { width: 100, height: 50, left: 0, right: 0, top: 0, bottom: 0 }
const span = { fromMs: 0, toMs: 3 }

it('draws a gap for a missing value, not a line through it', () => {
  expect(linePath([0, 1, null, 1], [0, 1, 2, 3], span, { min: 0, max: 1 }, box)).toBe(
    'M0.0 50.0L33.3 0.0M100.0 0.0h0.1',
  )
})
it('fixes percentages to 0..100 and keeps thresholds in the picture', () => {
  expect(valueRange([{ values: [3] }], [], '%')).toEqual({ min: 0, max: 100 })
  expect(valueRange([{ values: [70] }], [{ value: 90 }], '°C').max).toBeGreaterThan(90)
  expect(valueRange([{ values: [null] }], [], 'W')).toEqual({ min: 0, max: 1 })
})
