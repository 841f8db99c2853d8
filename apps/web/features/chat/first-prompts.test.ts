import { expect, test } from 'vitest'
import { promptsFor } from './first-prompts'

const node = { name: 'node-06', condition: 'ok' as const, gpusTotal: 8, demo: false }

test('without nodes the way to the first one is offered', () => {
  expect(promptsFor([])[0]).toBe('How do I connect a node?')
})

test('a node that is ill is asked about by its name', () => {
  expect(promptsFor([node, { ...node, name: 'node-07', condition: 'degraded' }])).toContain('How is node-07 doing?')
  expect(promptsFor([node]).join()).not.toContain('doing')
})

test('nothing is offered that the fleet cannot do', () => {
  const words = promptsFor([{ ...node, gpusTotal: 0 }]).join()
  expect(words).not.toContain('GPUs')
  expect(words).not.toContain('/data/training')
})
