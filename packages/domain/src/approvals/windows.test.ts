import { describe, expect, it } from 'vitest'
import { startWindow } from './start-window'
import { edgesAfter, isInside, windowWords } from './weekly-window'

const at = (text: string) => Date.parse(text)
const night = {
  id: 'night',
  name: 'Saturday night',
  days: [6],
  start: '22:00',
  end: '04:00',
  timeZone: 'Europe/Paris',
  labels: null,
}
const any = [{ labels: {} }]

describe('windows', () => {
  it('go over midnight by the clock on the wall, summer and winter', () => {
    expect(isInside(night, at('2026-11-28T20:59:00Z'))).toBe(false)
    expect(isInside(night, at('2026-11-28T21:00:00Z'))).toBe(true)
    expect(isInside(night, at('2026-11-29T02:59:00Z'))).toBe(true)
    expect(isInside(night, at('2026-11-29T03:00:00Z'))).toBe(false)
    expect(isInside(night, at('2026-07-04T20:00:00Z'))).toBe(true)
    expect(isInside(night, at('2026-07-04T19:59:00Z'))).toBe(false)
  })

  it('open at the first moment that suits every node', () => {
    const closed = startWindow({ maintenance: [night], quiet: [] }, any, at('2026-11-23T12:00:00Z'))
    expect(closed).toMatchObject({ open: false, kind: 'maintenance', opensAtMs: at('2026-11-28T21:00:00Z') })
    expect(startWindow({ maintenance: [night], quiet: [] }, any, at('2026-11-28T23:00:00Z'))).toEqual({ open: true })
    const quiet = { ...night, name: 'Backups', days: [7], start: '00:00', end: '01:00' }
    const after = startWindow({ maintenance: [night], quiet: [quiet] }, any, at('2026-11-28T23:30:00Z'))
    expect(after).toMatchObject({ open: false, kind: 'quiet', opensAtMs: at('2026-11-29T00:00:00Z') })
  })

  it('speak only of the nodes that carry their labels', () => {
    const prod = { ...night, labels: { env: 'prod' } }
    const policy = { maintenance: [prod], quiet: [] }
    expect(startWindow(policy, [{ labels: { env: 'dev' } }], at('2026-11-23T12:00:00Z'))).toEqual({ open: true })
    expect(startWindow(policy, [{ labels: { env: 'prod' } }], at('2026-11-23T12:00:00Z')).open).toBe(false)
    expect(startWindow(policy, [], at('2026-11-23T12:00:00Z'))).toEqual({ open: true })
  })

  it('says so when two windows never meet', () => {
    const a = { ...night, labels: { rack: 'a' } }
    const b = { ...night, days: [2], labels: { rack: 'b' } }
    const never = startWindow(
      { maintenance: [a, b], quiet: [] },
      [{ labels: { rack: 'a' } }, { labels: { rack: 'b' } }],
      at('2026-11-23T12:00:00Z'),
    )
    expect(never).toMatchObject({ open: false, opensAtMs: null })
  })

  it('find their edges through a change of the clock', () => {
    // In Paris 02:30 does not exist on 29 March 2026, and comes twice on 25 October.
    const early = { ...night, days: [7], start: '02:30', end: '05:00' }
    expect(edgesAfter(early, at('2026-03-28T12:00:00Z'))).toContain(at('2026-03-29T01:30:00Z'))
    expect(edgesAfter(early, at('2026-10-24T12:00:00Z'))).toContain(at('2026-10-25T00:30:00Z'))
    expect(edgesAfter(early, at('2026-03-28T12:00:00Z'))).toContain(at('2026-03-29T03:00:00Z'))
  })

  it('are told in words', () => {
    expect(windowWords(night)).toBe('Sat 22:00–04:00 Europe/Paris')
    expect(windowWords({ ...night, days: [5, 1, 2, 3, 4], start: '00:00', end: '00:00' })).toBe(
      'Mon to Fri all day Europe/Paris',
    )
  })
})
