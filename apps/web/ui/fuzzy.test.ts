import { expect, test } from 'vitest'
import { fuzzyFilter, fuzzyScore } from './fuzzy'

const NAMES = ['node-01', 'node-06', 'inference-mixtral', 'fine-tune-llama', 'eval-7b', 'PL-204 Drain node-06']
const find = (typed: string) => fuzzyFilter(NAMES, typed, (name) => name, 3)

test.each([
  ['node-06', 'node-06'],
  ['06', 'node-06'],
  ['mixt', 'inference-mixtral'],
  ['ftl', 'fine-tune-llama'],
  ['pl-204', 'PL-204 Drain node-06'],
  ['drain 06', 'PL-204 Drain node-06'],
])('typing %s finds %s first', (typed, name) => {
  expect(find(typed)[0]).toBe(name)
})

test('nothing that does not fit is offered', () => {
  expect(find('zebra')).toEqual([])
  expect(fuzzyScore('aa', 'a')).toBeNull()
})

test('letters too far apart are no match', () => {
  expect(fuzzyScore('nl', 'inference-mixtral')).toBeNull()
})

test('without words the first of the list are offered', () => {
  expect(find('')).toEqual(NAMES.slice(0, 3))
})
