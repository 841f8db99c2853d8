import { describe, expect, it } from 'vitest'
import { connectionAt, INITIAL_LINK, isStale, reduceLink, type LinkEvent } from './connection-state'

const run = (...events: LinkEvent[]) => events.reduce(reduceLink, INITIAL_LINK)

describe('connection chip', () => {
  it('goes live, reconnecting after 2 s, stale after 15 s, and live again', () => {
    const lost = run({ type: 'connected' }, { type: 'lost', atMs: 1000 })
    expect(connectionAt(lost, 2900).state).toBe('live')
    expect(connectionAt(lost, 3000)).toEqual({ state: 'reconnecting', sinceMs: 1000, forMs: 2000 })
    expect(connectionAt(lost, 16_000)).toEqual({ state: 'stale', sinceMs: 1000 })
    expect(connectionAt(reduceLink(lost, { type: 'connected' }), 16_000).state).toBe('live')
  })
  it('dates staleness from the first loss, not the last retry', () => {
    const lost = run({ type: 'connected' }, { type: 'lost', atMs: 1000 }, { type: 'lost', atMs: 9000 })
    expect(connectionAt(lost, 20_000)).toEqual({ state: 'stale', sinceMs: 1000 })
  })
  it('says offline at once, even while the socket still thinks it is connected', () => {
    expect(connectionAt(run({ type: 'connected' }, { type: 'browser-offline', atMs: 5 }), 6).state).toBe('offline')
  })
  it('never calls a page live that was never connected', () => {
    expect(connectionAt(INITIAL_LINK, 0).state).toBe('connecting')
    expect(connectionAt(run({ type: 'lost', atMs: 0 }), 15_000).state).toBe('stale')
  })
  it('counts stale and offline as not trustworthy', () => {
    expect(isStale({ state: 'stale', sinceMs: 0 })).toBe(true)
    expect(isStale({ state: 'reconnecting', sinceMs: 0, forMs: 1 })).toBe(false)
  })
})
