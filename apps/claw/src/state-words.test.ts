import { PLAN_STATE_WORDS } from '@clawbernetes/protocol/views/state-words'
import { describe, expect, it } from 'vitest'
import { findingColumns, gpuColumns, nodeColumns, planColumns, threadColumns, workloadColumns } from './commands/lists'
import { planCard } from './plan-card'
import type { Column } from './table'
import type { PlanAnswer } from './views'

const cell = (columns: Column<Record<string, unknown>>[], title: string, row: Record<string, unknown>) =>
  columns.find((column) => column.title === title)?.value(row)

describe('a state reads as in the web', () => {
  it('in tables', () => {
    expect(cell(nodeColumns, 'STATUS', { status: 'online', cordon: {} })).toBe('Online, cordoned')
    expect(cell(nodeColumns, 'CONDITION', { condition: 'ok' })).toBe('Healthy')
    expect(cell(gpuColumns, 'STATE', { state: 'no-data' })).toBe('No data')
    expect(cell(gpuColumns, 'STATE', { state: 'cordoned' })).toBe('Cordoned')
    expect(cell(workloadColumns, 'STATUS', { status: 'degraded' })).toBe('Degraded')
    expect(cell(planColumns, 'STATE', { state: 'needs_attention' })).toBe('Needs attention')
    expect(cell(planColumns, 'RISK', { risk: 'high' })).toBe('High')
    expect(cell(threadColumns, 'STATE', { state: 'needs-approval' })).toBe('Needs approval')
    expect(cell(threadColumns, 'STATE', { state: 'idle' })).toBeNull()
    expect(cell(findingColumns, 'SEVERITY', { severity: 'warning' })).toBe('Warning')
  })

  it('as it is stored where a newer server has one that this command does not know', () => {
    expect(cell(planColumns, 'STATE', { state: 'paused' })).toBe('paused')
    expect(cell(planColumns, 'STATE', { state: 'constructor' })).toBe('constructor')
  })

  it('on the card of a plan, in its steps too', () => {
    const card = planCard({ ...PLAN, state: 'succeeded' })
    expect(card).toContain('Done · Risk: Low (one node)')
    expect(card).toContain('1. Cordon node-02  [Done: cordoned]')
    expect(planCard({ ...PLAN, state: 'proposed' })).toContain(
      `${PLAN_STATE_WORDS.proposed} until 2026-11-22 14:30 UTC`,
    )
  })
})

const PLAN: PlanAnswer = {
  id: 'plan_1',
  label: 'PL-101',
  revision: 1,
  digest: 'd',
  version: 1,
  title: 'Cordon node-02',
  state: 'proposed',
  stateReason: null,
  risk: 'low',
  riskReason: 'one node',
  why: '',
  expiresAt: '2026-11-22T14:30:00.000Z',
  steps: [{ title: 'Cordon node-02', target: 'node-02', state: 'succeeded', progress: 'cordoned', error: null }],
  changes: [],
  commands: [],
  cost: { perHourMicroUsd: 0, oneOffMicroUsd: 0, arithmetic: 'no GPUs' },
  undo: { possible: true, text: 'Uncordon it.' },
  warnings: [],
  notDone: [],
  untrusted: [],
  confirmName: null,
  drift: [],
  approvalsNeeded: 1,
  decisions: [],
  may: { approve: true, reject: true, cancel: true, undo: false, why: null },
  outcome: null,
}
