import { describe, expect, it } from 'vitest'
import { durationWords, parsePeriod } from './period'

// A Sunday.
const NOW = Date.UTC(2026, 10, 22, 18, 30)
const iso = (ms: number | undefined) => new Date(ms ?? 0).toISOString().slice(0, 16)

describe('a period', () => {
  it.each([
    ['yesterday', '2026-11-21T00:00', '2026-11-22T00:00'],
    ['today', '2026-11-22T00:00', '2026-11-22T18:30'],
    ['this week', '2026-11-16T00:00', '2026-11-22T18:30'],
    ['last week', '2026-11-09T00:00', '2026-11-16T00:00'],
    ['last_month', '2026-10-01T00:00', '2026-11-01T00:00'],
    ['day', '2026-11-21T18:30', '2026-11-22T18:30'],
    ['PT2H30M', '2026-11-22T16:00', '2026-11-22T18:30'],
    ['P2W', '2026-11-08T18:30', '2026-11-22T18:30'],
  ])('%s', (words, from, to) => {
    const period = parsePeriod(words, NOW)
    expect([iso(period?.fromMs), iso(period?.toMs)]).toEqual([from, to])
  })
  it('is not guessed', () => {
    for (const words of ['recently', 'P', 'PT', '2 blue moons', 'P9999D']) expect(parsePeriod(words, NOW)).toBeNull()
  })
  it('has words', () => {
    expect([durationWords(90 * 60_000), durationWords(3 * 86_400_000), durationWords(60_000)]).toEqual([
      '1 h 30 min',
      '3 days',
      '1 min',
    ])
  })
})
