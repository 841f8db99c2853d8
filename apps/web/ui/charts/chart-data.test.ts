import { describe, expect, it } from 'vitest'
import {
  chartRows,
  findGaps,
  niceCeil,
  thinSeries,
  timeTicks,
  toBand,
  valueDomain,
  valueTicks,
  type ChartSeries,
} from './chart-data'
import { describeChart } from './describe-chart'

const window = { fromMs: 0, toMs: 60_000, stepMs: 10_000 }
const line = (values: (number | null)[], key = 'a'): ChartSeries => ({ key, name: `GPU ${key}`, slot: 0, values })

describe('rows', () => {
  it('stand on the grid, and what is missing is null', () => {
    expect(chartRows([line([1, 2])], window).map((row) => row.values[0])).toEqual([1, 2, null, null, null, null])
  })
  it('have a gap where nobody reported for two buckets, not for one', () => {
    const rows = chartRows([line([1, null, 2, null, null, 3])], window)
    expect(findGaps(rows, window.stepMs)).toEqual([{ fromMs: 30_000, toMs: 50_000 }])
  })
  it('have no gap while one series still reports', () => {
    const rows = chartRows([line([1, null, null, 1, 1, 1]), line([1, 2, 3, 4, 5, 6], 'b')], window)
    expect(findGaps(rows, window.stepMs)).toEqual([])
  })
  it('show a gap that reaches to the end', () => {
    expect(findGaps(chartRows([line([1, 2, 3])], window), window.stepMs)).toEqual([{ fromMs: 30_000, toMs: 60_000 }])
  })
})

describe('thinning', () => {
  it('keeps spikes and gaps, and the window stays the same', () => {
    const values = Array.from({ length: 360 }, (_, index) => (index === 100 ? 99 : index >= 300 ? null : 10))
    const thin = thinSeries([line(values)], { fromMs: 0, toMs: 3_600_000, stepMs: 10_000 }, 180)
    expect(thin.series[0]?.values).toHaveLength(180)
    expect(Math.max(...(thin.series[0]?.values ?? []).filter((value) => value !== null))).toBe(99)
    expect(thin.series[0]?.values.at(-1)).toBeNull()
    expect(thin.window.stepMs).toBe(20_000)
  })
})

describe('scales', () => {
  it('stay fixed for percent and grow only past the fixed end', () => {
    expect(valueDomain([line([3, 99])], [], { min: 0, max: 100 })).toEqual([0, 100])
    expect(valueDomain([line([95])], [{ value: 87, label: '', tone: 'warn' }], { min: 20, max: 92 })).toEqual([20, 100])
  })
  it('have a range even for nothing and for zero', () => {
    expect(valueDomain([line([null])], [])).toEqual([0, 1])
    expect(valueDomain([line([0, 0])], [])).toEqual([0, 1])
  })
  it('round up to a readable number', () => {
    expect([0.7, 287, 400, 401, 1.2e9].map(niceCeil)).toEqual([0.8, 300, 400, 500, 1.5e9])
  })
  it('have round marks that stay inside', () => {
    expect(valueTicks([0, 100])).toEqual([0, 20, 40, 60, 80, 100])
    expect(valueTicks([20, 94])).toEqual([20, 40, 60, 80])
    expect(valueTicks([0, 0.3])).toEqual([0, 0.1, 0.2, 0.3])
    expect(valueTicks([0, 440])).toEqual([0, 100, 200, 300, 400])
  })
  it('mark full quarter hours of the reader, also half an hour off UTC', () => {
    const hour = 3_600_000
    expect(timeTicks({ fromMs: 10 * 60_000, toMs: hour }, 4, 0)).toEqual([15, 30, 45, 60].map((m) => m * 60_000))
    expect(timeTicks({ fromMs: 0, toMs: 4 * hour }, 4, hour / 2)[0]).toBe(hour / 2)
  })
})

it('a band tells lowest, median and highest of those that reported', () => {
  const [max, median, min] = toBand([line([1, null]), line([5, null], 'b'), line([3, 8], 'c')])
  expect([max?.values, median?.values, min?.values]).toEqual([
    [5, 8],
    [3, 8],
    [1, 8],
  ])
})

describe('the sentence', () => {
  const words = {
    title: 'Temperature',
    window,
    gaps: [],
    thresholds: [{ value: 87, label: 'slowdown 87 °C', tone: 'crit' as const }],
    format: (value: number | null) => `${value} °C`,
    formatTime: (atMs: number) => `00:${atMs / 1000}`,
  }
  it('names range, last value and the moment of a breach', () => {
    expect(describeChart({ ...words, series: [line([60, 91, 80])] })).toBe(
      'Temperature: between 60 °C and 91 °C, now 80 °C; GPU a reached slowdown 87 °C at 00:10.',
    )
  })
  it('says that there is nothing rather than zero', () => {
    expect(describeChart({ ...words, series: [line([null])] })).toBe('Temperature: no data between 00:0 and 00:60.')
  })
})
