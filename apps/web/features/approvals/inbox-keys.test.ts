import { describe, expect, it } from 'vitest'
import { inboxAction, nextAfter } from './inbox-keys'

const ids = ['a', 'b', 'c']
const press = (key: string, more = {}) => ({ key, repeat: false, modified: false, typing: false, ...more })

describe('inbox keys', () => {
  it('moves with j and k, and stops at the ends', () => {
    expect(inboxAction(press('j'), ids, { chosen: null, shown: null })).toEqual({ type: 'select', id: 'a' })
    expect(inboxAction(press('j'), ids, { chosen: 'a', shown: 'a' })).toEqual({ type: 'select', id: 'b' })
    expect(inboxAction(press('k'), ids, { chosen: 'a', shown: 'a' })).toBeNull()
    expect(inboxAction(press('j'), ids, { chosen: 'c', shown: 'c' })).toBeNull()
  })
  it('chooses the first one with j while nothing is chosen, though it is shown already', () => {
    expect(inboxAction(press('j'), ids, { chosen: null, shown: 'a' })).toEqual({ type: 'select', id: 'a' })
    expect(inboxAction(press('1'), ids, { chosen: null, shown: 'a' })).toEqual({ type: 'approve' })
  })
  it('decides with 1, 2 and 3, never on a held key, while typing or with a modifier', () => {
    expect(inboxAction(press('1'), ids, { chosen: 'a', shown: 'a' })).toEqual({ type: 'approve' })
    expect(inboxAction(press('3'), ids, { chosen: 'a', shown: 'a' })).toEqual({ type: 'reject' })
    for (const more of [{ repeat: true }, { typing: true }, { modified: true }])
      expect(inboxAction(press('1', more), ids, { chosen: 'a', shown: 'a' })).toBeNull()
    expect(inboxAction(press('1'), ids, { chosen: null, shown: null })).toBeNull()
  })
  it('marks with x, one press at a time', () => {
    expect(inboxAction(press('x'), ids, { chosen: 'a', shown: 'a' })).toEqual({ type: 'mark', id: 'a' })
    expect(inboxAction(press('x', { repeat: true }), ids, { chosen: 'a', shown: 'a' })).toBeNull()
  })
  it('goes on with the item that takes the place of the decided one', () => {
    expect(nextAfter(ids, 'b')).toBe('c')
    expect(nextAfter(ids, 'c')).toBe('b')
    expect(nextAfter(['a'], 'a')).toBeNull()
  })
})
