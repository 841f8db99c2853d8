import { expect, it } from 'vitest'
import { parseRoom, roomIsOf, scopedRoom } from './rooms'

it('accepts known kinds with a plain id', () => {
  expect(parseRoom('plan:plan_01h')).toEqual({ kind: 'plan', id: 'plan_01h' })
})
it.each(['plan', 'plan:', 'root:1', 'plan:../x', 'plan:a b', `plan:${'x'.repeat(121)}`, 7, null, 'org:a/plan:b'])(
  'refuses %o',
  (name) => {
    expect(parseRoom(name)).toBeNull()
  },
)
it('keeps rooms of two organisations apart', () => {
  expect(scopedRoom('org_a', 'plan:1')).not.toBe(scopedRoom('org_b', 'plan:1'))
})
it("refuses another organisation's own rooms", () => {
  expect(roomIsOf({ kind: 'fleet', id: 'org_b' }, 'org_a')).toBe(false)
  expect(roomIsOf({ kind: 'org', id: 'org_a' }, 'org_a')).toBe(true)
})
