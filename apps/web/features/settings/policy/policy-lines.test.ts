import type { PolicyDocument } from '@clawbernetes/protocol/policy/org-policy'
import { describe, expect, it } from 'vitest'
import { parseLabels, policyDiff, scopedWords } from './policy-lines'

const none: PolicyDocument = {
  preset: 'balanced',
  edits: { risks: {}, tools: {}, auto: {}, raise: {}, maintenance: [], quiet: [], rules: [], criticalAlone: false },
}

describe('what a draft changes', () => {
  it('is told line by line, and nothing when it is the same', () => {
    expect(policyDiff(none, none)).toEqual([])
    const edits = { ...none.edits, risks: { medium: { approvals: 2, fourEyes: true } }, criticalAlone: true }
    expect(policyDiff(none, { preset: 'balanced', edits })).toEqual([
      {
        label: 'medium risk',
        before: 'asks, 1 approval, operator',
        after: 'asks, 2 approvals, operator, second person',
      },
      { label: 'One person alone approves critical plans', before: 'no', after: 'yes' },
    ])
  })
  it('covers what a preset brings along', () => {
    const labels = policyDiff(none, { ...none, preset: 'autopilot' }).map((change) => change.label)
    expect(labels).toContain('medium risk')
    expect(labels).toContain('By itself, per day')
  })
  it('says a rule as a sentence', () => {
    expect(
      scopedWords({
        id: 'r',
        answer: 'auto',
        tool: 'restart_workload',
        target: { labels: { env: 'dev' }, name: 'eval-*' },
        maxPerHourMicroUsd: 10_000_000,
        hours: null,
        until: '2026-12-01T00:00:00.000Z',
        note: '',
      }),
    ).toBe(
      'restart workload on eval-* and on nodes with env=dev, runs by itself, up to $10.00 an hour, until 2026-12-01',
    )
  })
  it('reads labels as people write them', () => {
    expect(parseLabels(' env=prod, rack = a ')).toEqual({ env: 'prod', rack: 'a' })
    expect(parseLabels('  ')).toBeNull()
  })
})
