import type { PlanListItem } from '@clawbernetes/protocol/views/plan'
import { describe, expect, it } from 'vitest'
import { batchWords, whyNotTogether } from './batch'

const item = (over: Partial<PlanListItem>): PlanListItem => ({
  id: 'plan_1',
  label: 'PL-101',
  revision: 1,
  digest: 'd',
  action: 'label_node',
  title: 'Label node-01',
  state: 'proposed',
  risk: 'low',
  proposedBy: 'Ana',
  threadId: null,
  createdAt: '2026-11-22T10:00:00Z',
  expiresAt: '2026-11-23T10:00:00Z',
  approvalsNeeded: 1,
  approvals: 0,
  mine: false,
  demo: false,
  ...over,
})

describe('approving together', () => {
  it('is for low risk of one action alone', () => {
    expect(whyNotTogether([item({}), item({ label: 'PL-102' })])).toBeNull()
    expect(whyNotTogether([item({}), item({ label: 'PL-102', risk: 'medium' })])).toContain('PL-102 is of medium risk')
    expect(whyNotTogether([item({}), item({ action: 'set_alert' })])).toContain('different actions')
  })
  it('says what came of each that was not', () => {
    expect(
      batchWords([
        { label: 'PL-101', refusal: null },
        { label: 'PL-102', refusal: 'It was rejected.' },
      ]),
    ).toBe('1 approved. PL-102 was not: It was rejected.')
  })
})
