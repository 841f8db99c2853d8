import { expect, test } from 'vitest'
import { threadTitle } from './thread-title'

test.each([
  [
    'I need to fine-tune Llama 3 8B on my custom dataset. I have it in /data/training.',
    'Fine-tune Llama 3 8B on my custom dataset',
  ],
  ['Hi, can you please show me the hottest GPUs?', 'The hottest GPUs'],
  ['what is running', 'What is running'],
  ['node-06 looks slow, why?', 'node-06 looks slow, why'],
  ['please', 'Please'],
  ['?', '?'],
  ['Why did v1.2 fail? Also check logs', 'Why did v1.2 fail'],
])('a title says what the request is about: %s', (request, title) => {
  expect(threadTitle(request)).toBe(title)
})

test('a long request is cut between words', () => {
  const title = threadTitle(`Move ${'every workload '.repeat(20)}to node-04`)
  expect(title.length).toBeLessThanOrEqual(60)
  expect(title).toMatch(/(?:every|workload)…$/)
})

test('an instruction that is one long word is cut inside it', () => {
  expect(threadTitle('x'.repeat(400))).toHaveLength(60)
})
