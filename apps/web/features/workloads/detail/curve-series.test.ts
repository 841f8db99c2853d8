import { describe, expect, it } from 'vitest'
import { curveSeries, formatCurveValue, sortCurves } from './curve-series'

const at = (step: number, value: number) => ({ step, atMs: 0, value })

describe('a curve', () => {
  it('keeps first and last step and the value between reports', () => {
    const found = curveSeries({ name: 'loss', points: [at(10, 3), at(12, 2), at(14, 1)] }, 0)
    expect(found?.series.values).toEqual([3, 3, 2, 2, 1])
    expect(found?.window).toEqual({ fromMs: 10, toMs: 15, stepMs: 1 })
  })
  it('fits a long training into what a chart can show, ending at its last value', () => {
    const points = Array.from({ length: 500 }, (_, index) => at(index * 100, index))
    const found = curveSeries({ name: 'loss', points }, 0)
    expect(found?.series.values.length).toBeLessThanOrEqual(180)
    expect(found?.series.values.at(-1)).toBe(499)
  })
  it('is none without points, and a dot with one', () => {
    expect(curveSeries({ name: 'loss', points: [] }, 0)).toBeNull()
    expect(curveSeries({ name: 'loss', points: [at(5, 1)] }, 0)?.series.values).toEqual([1])
  })
})

it('prints a learning rate so that it can be read', () => {
  expect(formatCurveValue('learning_rate', 0.00002)).toBe('2.00e-5')
  expect(formatCurveValue('loss', 2.13456)).toBe('2.135')
  expect(formatCurveValue('tokens_per_second', 12345.6)).toBe('12,346')
  expect(formatCurveValue('loss', 0)).toBe('0')
  expect(formatCurveValue('loss', null)).toBe('—')
})

it('shows the loss first', () => {
  expect(sortCurves([{ name: 'zz' }, { name: 'learning_rate' }, { name: 'loss' }]).map((one) => one.name)).toEqual([
    'loss',
    'learning_rate',
    'zz',
  ])
})
