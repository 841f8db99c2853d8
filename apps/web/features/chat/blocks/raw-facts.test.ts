import { expect, test } from 'vitest'
import { rawFacts } from './raw-facts'

test('what is not known is still told in words', () => {
  const block = { type: 'from-the-future', title: 'Quote', totalUsd: 38.4, note: 'firm', rows: [{ a: 1 }], demo: true }
  expect(rawFacts(block)).toEqual({
    title: 'Quote',
    facts: [
      { name: 'total usd', value: '38.4' },
      { name: 'note', value: 'firm' },
    ],
  })
})

test.each([null, undefined, 'text', 7, []])('%s has a title and no facts', (block) => {
  expect(rawFacts(block)).toEqual({ title: 'Result', facts: [] })
})
