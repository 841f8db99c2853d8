import { describe, expect, it } from 'vitest'
import { answerLine } from './door'
import type { Inventory } from './inventory'
import { MAX_UTTERANCE_CHARS, normalise } from './normalise'
import { understand } from './understand'

const ask = (value: unknown): Record<string, unknown> =>
  JSON.parse(answerLine(JSON.stringify(value))) as Record<string, unknown>

describe('the evaluation door', () => {
  it('answers each line with id, intent, slots, asks_approval and text', () => {
    expect(ask({ id: 'a', utterance: 'drain node-03', context: null })).toEqual({
      id: 'a',
      intent: 'drain_node',
      slots: { node: 'node-03' },
      asks_approval: true,
      text: expect.any(String),
    })
    expect(ask({ id: 7, utterance: 'which gpus are free?', context: null })).toMatchObject({
      id: 7,
      intent: 'list_gpus',
      asks_approval: false,
    })
  })

  it('answers lines that it cannot read', () => {
    expect(JSON.parse(answerLine('{nonsense'))).toMatchObject({ id: null, intent: 'clarify' })
    expect(ask({ id: 'x' })).toMatchObject({ id: 'x', intent: 'clarify' })
    expect(ask({ id: 'x', utterance: 5 })).toMatchObject({ id: 'x', intent: 'clarify' })
    expect(ask([])).toMatchObject({ intent: 'clarify' })
  })

  it('survives odd contexts and inputs', () => {
    for (const context of [
      null,
      {},
      'text',
      5,
      { history: 'no' },
      { pending_plan: 'x' },
      { pending_plan: [] },
      { focus: null, recommendation: null, history: null, tool_output: { a: 1 } },
      { pending_plan: { id: 4, intent: 'drain_node' } },
    ]) {
      expect(ask({ id: '1', utterance: 'status', context }).intent).toBe('health_report')
    }
    for (const utterance of [
      '',
      '   ',
      '\u0000',
      '🙂',
      'a'.repeat(50_000),
      '('.repeat(5_000),
      'node-'.repeat(2_000),
      '1 '.repeat(3_000),
      'yes '.repeat(900),
      '\ud800',
      '%%%%',
      '"'.repeat(999),
    ]) {
      expect(typeof ask({ id: '1', utterance, context: null }).intent).toBe('string')
    }
  })

  it('says the same every time', () => {
    const line = JSON.stringify({
      id: '1',
      utterance: 'scale chat-api to 3 and then show me its logs',
      context: { focus: { service: 'chat-api' } },
    })
    expect(answerLine(line)).toBe(answerLine(line))
  })

  it('says which nodes there are when a node is unknown', () => {
    expect(ask({ id: '1', utterance: 'drain node-42', context: null })).toMatchObject({
      intent: 'clarify',
      text: 'I see no node-42; nodes are node-01 to node-08.',
    })
    const inventory = { nodes: ['node-41', 'node-42'] }
    expect(ask({ id: '1', utterance: 'drain node 42', context: null, inventory })).toMatchObject({
      intent: 'drain_node',
      slots: { node: 'node-42' },
    })
  })

  it('offers the names that exist when a workload is unknown', () => {
    const inventory: Inventory = { workloads: ['train-a', 'train-b'], services: ['chat-api'] }
    const read = understand({ utterance: 'restart train-c', context: null, inventory })
    expect(read).toMatchObject({ intent: 'clarify', askFor: 'workload', asking: { intent: 'restart_workload' } })
    expect(read.text).toContain('train-a')
  })

  it('names the three nearest tools when it declines', () => {
    const read = understand({ utterance: 'write a poem about my gpu nodes', context: null })
    expect(['out_of_scope', 'clarify']).toContain(read.intent)
    expect(read.nearest).toHaveLength(3)
  })

  it('reads a sentence in a fleet of 1,000 nodes within its budget', () => {
    const inventory: Inventory = {
      nodes: Array.from({ length: 1_000 }, (_, i) => `node-${String(i + 1).padStart(4, '0')}`),
      workloads: Array.from({ length: 2_000 }, (_, i) => `train-${i}`),
      services: Array.from({ length: 300 }, (_, i) => `service-${i}`),
    }
    understand({ utterance: 'status', context: null, inventory })
    const times = [
      'drain node-0777',
      'move train-1234 to node-0012',
      'what is running on node 500?',
      'scale service-17 to 4',
      'which gpus are free?',
    ].map((utterance) => {
      const runs = Array.from({ length: 9 }, () => {
        const started = performance.now()
        understand({ utterance, context: null, inventory })
        return performance.now() - started
      })
      return runs.sort((a, b) => a - b)[0] ?? 0
    })
    expect(Math.max(...times)).toBeLessThanOrEqual(20)
  })
})

describe('normalising', () => {
  it('folds, strips and caps', () => {
    expect(normalise('  Ｄｒａｉｎ\u202e node\u200b-03\u0007 \n now ')).toBe('Drain node-03 now')
    expect(normalise('a\u00a0b')).toBe('a b')
    expect(normalise('x'.repeat(9_999))).toHaveLength(MAX_UTTERANCE_CHARS)
    expect(normalise('don\u2019t')).toBe("don't")
  })
})
