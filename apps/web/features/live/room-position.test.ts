import { expect, it } from 'vitest'
import { RoomPosition } from './room-position'

it('accepts each event once, in whatever order', () => {
  const room = new RoomPosition()
  expect([7, 5, 7, 6, 5].map((seq) => room.accept(seq))).toEqual([true, true, false, true, false])
  expect(room.seq).toBe(7)
})
it('goes on from the highest position after a reconnect, and drops what is replayed', () => {
  const room = new RoomPosition()
  for (let seq = 1; seq <= 1000; seq++) room.accept(seq)
  expect(room.seq).toBe(1000)
  expect([900, 1000, 1001].map((seq) => room.accept(seq))).toEqual([false, false, true])
})
it('has no position before the first event', () => {
  expect(new RoomPosition().seq).toBeNull()
})
