import { describe, expect, it } from 'vitest'
import { localInputValue, snoozeTimes, whyNotUntil } from './snooze-times'

const NOW = new Date(2026, 10, 22, 14, 3).getTime()
const HOUR = 3_600_000

describe('snoozing', () => {
  it('offers only times that leave a while before the plan expires', () => {
    expect(snoozeTimes(NOW, NOW + 24 * HOUR).map((time) => time.label)).toEqual([
      'In 15 minutes',
      'In an hour',
      'In 4 hours',
      'Tomorrow at 9:00',
    ])
    expect(snoozeTimes(NOW, NOW + HOUR).map((time) => time.label)).toEqual(['In 15 minutes'])
    expect(snoozeTimes(NOW, NOW + HOUR / 6)).toEqual([])
  })
  it('takes no time that is over or past the expiry, and says why', () => {
    expect(whyNotUntil(NOW + HOUR, NOW, NOW + 2 * HOUR)).toBeNull()
    expect(whyNotUntil(NOW - 1, NOW, NOW + 2 * HOUR)).toContain('over already')
    expect(whyNotUntil(NOW + 2 * HOUR, NOW, NOW + 2 * HOUR)).toContain('expire')
    expect(whyNotUntil(Number.NaN, NOW, NOW + 2 * HOUR)).toContain('Choose')
  })
  it('fills a field with local time', () => expect(localInputValue(NOW)).toBe('2026-11-22T14:03'))
})
