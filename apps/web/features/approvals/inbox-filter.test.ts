import { describe, expect, it } from 'vitest'
import { arrange, filterChoices, filterWords, toolWords } from './inbox-filter'

const plan = (label: string, over: { risk?: 'low' | 'high'; action?: string; proposedBy?: string } = {}) => ({
  label,
  risk: over.risk ?? ('low' as const),
  action: over.action ?? 'label_node',
  proposedBy: over.proposedBy ?? 'Ana',
  createdAt: `2026-11-22T10:0${label.at(-1)}:00Z`,
  expiresAt: `2026-11-23T1${9 - Number(label.at(-1))}:00:00Z`,
})
const none = { risk: '', type: '', by: '' }
const plans = [
  plan('PL-1'),
  plan('PL-2', { risk: 'high', action: 'stop_workload' }),
  plan('PL-3', { proposedBy: 'Ben' }),
]
const labels = (items: readonly { label: string }[]) => items.map((item) => item.label)

describe('the inbox', () => {
  it('shows what fits every filter', () => {
    expect(labels(arrange(plans, { ...none, risk: 'low' }, null))).toEqual(['PL-1', 'PL-3'])
    expect(labels(arrange(plans, { ...none, risk: 'low', by: 'Ben' }, null))).toEqual(['PL-3'])
    expect(labels(arrange(plans, { ...none, type: 'drain_node' }, null))).toEqual([])
  })
  it('puts first what expires first, or what is newest', () => {
    expect(labels(arrange(plans, none, 'expiry'))).toEqual(['PL-3', 'PL-2', 'PL-1'])
    expect(labels(arrange([...plans].reverse(), none, 'newest'))).toEqual(['PL-3', 'PL-2', 'PL-1'])
    expect(labels(arrange(plans, none, null))).toEqual(['PL-1', 'PL-2', 'PL-3'])
  })
  it('offers what is there, counted beside the other filters, and what is chosen though nothing fits', () => {
    expect(filterChoices(plans, none)).toEqual({
      risk: [
        { value: 'low', label: 'Low (2)' },
        { value: 'high', label: 'High (1)' },
      ],
      type: [
        { value: 'label_node', label: 'Label node (2)' },
        { value: 'stop_workload', label: 'Stop workload (1)' },
      ],
      by: [
        { value: 'Ana', label: 'Ana (2)' },
        { value: 'Ben', label: 'Ben (1)' },
      ],
    })
    const chosen = filterChoices(plans, { ...none, risk: 'high', by: 'Ben' })
    expect(chosen.by).toContainEqual({ value: 'Ben', label: 'Ben (0)' })
    expect(chosen.risk).toContainEqual({ value: 'low', label: 'Low (1)' })
  })
  it('names a tool in words', () => expect(toolWords('drain_node')).toBe('Drain node'))
  it('says what it is narrowed to', () => {
    expect(filterWords({ risk: 'high', type: 'drain_node', by: 'Ana' })).toBe(
      'the filter for the risk high and the type drain node and requested by Ana',
    )
  })
})
