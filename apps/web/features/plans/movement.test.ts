import { expect, test } from 'vitest'
import { Movement } from './movement'

test('a move counts for as long as it is held, and then no more', () => {
  const movement = new Movement(500)
  movement.note({ atMs: 0, x: 10, y: 100 })
  expect(movement.isRecent(0)).toBe(false)
  movement.note({ atMs: 1000, x: 10, y: 140 })
  expect(movement.isRecent(1000)).toBe(true)
  movement.note({ atMs: 1300, x: 10, y: 140 })
  expect(movement.isRecent(1499)).toBe(true)
  expect(movement.isRecent(1500)).toBe(false)
})

test('a rounding of the layout is no move', () => {
  const movement = new Movement(500)
  movement.note({ atMs: 0, x: 10, y: 100 })
  movement.note({ atMs: 100, x: 10.5, y: 101 })
  expect(movement.isRecent(100)).toBe(false)
})

test('what the person scrolls is where they expect it', () => {
  const movement = new Movement(500)
  movement.note({ atMs: 0, x: 10, y: 100 })
  movement.noteOwnScroll(900)
  movement.note({ atMs: 1000, x: 10, y: 40 })
  expect(movement.isRecent(1000)).toBe(false)
  movement.note({ atMs: 1600, x: 10, y: 80 })
  expect(movement.isRecent(1600)).toBe(true)
})
