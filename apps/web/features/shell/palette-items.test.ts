import { expect, test } from 'vitest'
import { fuzzyFilter } from '../../ui/fuzzy'
import { ACTIONS, parsePalette, PLACES } from './palette-items'

const find = (typed: string) =>
  fuzzyFilter([...PLACES, ...ACTIONS], typed, (item) => `${item.name} ${item.also ?? ''}`, 3)[0]?.key

test.each([
  ['fleet', 'go:/fleet'],
  ['slack', 'settings:channels'],
  ['dark', 'act:theme-dark'],
  ['freeze', 'act:stop'],
  ['connect a node', 'act:connect'],
])('%s finds %s', (typed, key) => {
  expect(find(typed)).toBe(key)
})

test('a sign at the start narrows the search', () => {
  expect(parsePalette('> dark')).toEqual({ mode: 'actions', wanted: 'dark' })
  expect(parsePalette('#node_01')).toEqual({ mode: 'ids', wanted: 'node_01' })
  expect(parsePalette(' node-06 ')).toEqual({ mode: 'all', wanted: 'node-06' })
})

test('no two lines share a key', () => {
  const keys = [...PLACES, ...ACTIONS].map((item) => item.key)
  expect(new Set(keys).size).toBe(keys.length)
})
