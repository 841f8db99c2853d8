import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { nextState, REPLICA_TRANSITIONS } from './replica-machine'

it('does what the diagram above it says, no more and no less', () => {
  const source = readFileSync(new URL('./replica-machine.ts', import.meta.url), 'utf8')
  const drawn = [...source.matchAll(/^ \* +(\w+) +--(\w+)--> +(\w+)/gm)].map(
    ([, from, event, to]) => `${from} ${event} ${to}`,
  )
  const table = Object.entries(REPLICA_TRANSITIONS).flatMap(([from, moves]) =>
    Object.entries(moves).map(([event, to]) => `${from} ${event} ${to}`),
  )
  expect(drawn.length).toBeGreaterThan(10)
  expect([...drawn].sort()).toEqual([...table].sort())
})

it('refuses every other move', () => {
  expect(() => nextState('ended', 'start')).toThrow('A replica that is ended cannot start.')
  expect(() => nextState('forgotten', 'start')).toThrow('forgotten cannot start')
  expect(nextState('idle', 'adopt')).toBe('live')
})
