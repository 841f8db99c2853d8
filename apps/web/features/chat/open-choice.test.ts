import type { MessageView } from '@clawbernetes/protocol/views/chat'
import { expect, test } from 'vitest'
import { nextWordsOf, openChoice, optionOf } from './open-choice'

const said = (role: 'user' | 'agent', text: string, asks = false): MessageView => ({
  id: `msg_${text}`,
  threadId: 't',
  seq: 1,
  role,
  author: null,
  text,
  blocks: asks ? [{ type: 'choice', question: 'Which?', options: [{ label: 'Skip', send: 'skip it' }] }] : [],
  state: 'complete',
  error: null,
  channel: 'web',
  runId: null,
  toolCalls: [],
  planner: null,
  durationMs: null,
  createdAt: '',
  version: 1,
})

test('a question is open until a person says something', () => {
  expect(openChoice([said('user', 'run it'), said('agent', 'a', true)])?.messageId).toBe('msg_a')
  expect(openChoice([said('agent', 'a', true), said('user', 'never mind')])).toBeNull()
})

test('what the agent adds later leaves the question open', () => {
  const messages = [said('agent', 'a', true), said('agent', 'PL-1 ended')]
  expect(openChoice(messages)).toMatchObject({ messageId: 'msg_a', blockIndex: 0 })
})

test('the record of a choice is what the person said next', () => {
  const messages = [said('agent', 'a', true), said('agent', 'note'), said('user', 'skip it'), said('user', 'later')]
  expect(nextWordsOf(messages, 0)).toBe('skip it')
  expect(nextWordsOf(messages, 3)).toBeNull()
})

test('typed words choose an option by what it sends or by its label, in any case', () => {
  const options = [
    { label: 'node-03', send: 'drain node-03' },
    { label: 'Skip', send: 'skip it' },
  ]
  const chosen = (words: string | null) => optionOf(options, words)?.send ?? null
  expect(chosen('skip it')).toBe('skip it')
  expect(chosen(' Node-03. ')).toBe('drain node-03')
  expect(chosen('Drain  node-03')).toBe('drain node-03')
  expect(chosen('node-031')).toBeNull()
  expect(chosen(null)).toBeNull()
})
