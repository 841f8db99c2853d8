import { describe, expect, it } from 'vitest'
import { type DecisionEvent, GRACE_MS, IDLE, reduceDecision } from './decision-machine'

const run = (...events: DecisionEvent[]) => events.reduce(reduceDecision, IDLE)

describe('friction by risk', () => {
  it('sends low risk at once', () => {
    expect(run({ type: 'approve', risk: 'low', nowMs: 10 })).toEqual({
      step: 'sending',
      answer: 'approve',
      words: null,
      sinceMs: 10,
    })
  })
  it('holds medium risk for a grace in which it can be taken back', () => {
    const held = run({ type: 'approve', risk: 'medium', nowMs: 10 })
    expect(held).toEqual({ step: 'grace', endsAtMs: 10 + GRACE_MS })
    expect(reduceDecision(held, { type: 'grace-over', nowMs: 20 })).toBe(held)
    expect(reduceDecision(held, { type: 'undo-grace' })).toEqual(IDLE)
    expect(reduceDecision(held, { type: 'grace-over', nowMs: 10 + GRACE_MS }).step).toBe('sending')
  })
  it.each(['high', 'critical'] as const)('asks for a typed name at %s risk', (risk) => {
    expect(run({ type: 'approve', risk, nowMs: 0 }, { type: 'grace-over', nowMs: 99_999 }).step).toBe('confirming')
    expect(run({ type: 'approve', risk, nowMs: 0 }, { type: 'confirmed', typedName: 'node-06', nowMs: 5 }).step).toBe(
      'sending',
    )
  })
})

describe('one decision', () => {
  it('ignores a second Enter, a click and a reject while the first is on its way', () => {
    const sending = run({ type: 'approve', risk: 'low', nowMs: 1 })
    for (const event of [
      { type: 'approve', risk: 'low', nowMs: 2 },
      { type: 'open-reject' },
      { type: 'reject', reason: '', nowMs: 2 },
    ] as const)
      expect(reduceDecision(sending, event)).toBe(sending)
  })
  it('never shows success by itself: after the answer the card is what the server says', () => {
    expect(run({ type: 'approve', risk: 'low', nowMs: 1 }, { type: 'answered', notice: null })).toEqual(IDLE)
  })
  it('keeps a refusal until the person acts', () => {
    expect(
      run(
        { type: 'approve', risk: 'low', nowMs: 1 },
        { type: 'refused', code: 'forbidden', message: 'A second person is needed.' },
      ),
    ).toMatchObject({ step: 'refused' })
  })
})

describe('a plan that changes under the dialog', () => {
  it('closes the confirmation with word of the new revision, and approving the old one is impossible', () => {
    const replaced = run(
      { type: 'approve', risk: 'high', nowMs: 0 },
      { type: 'plan-changed', revision: 3, previousRevision: 2 },
    )
    expect(replaced).toEqual({ step: 'idle', notice: 'r3 replaced r2. Nothing was decided; read it again.' })
    expect(reduceDecision(replaced, { type: 'confirmed', typedName: 'node-06', nowMs: 1 })).toBe(replaced)
  })
  it('stops the grace when a colleague decided first', () => {
    expect(
      run({ type: 'approve', risk: 'medium', nowMs: 0 }, { type: 'plan-changed', revision: 2, previousRevision: 2 })
        .step,
    ).toBe('idle')
  })
  it('leaves a decision alone that is already on its way', () => {
    expect(
      run({ type: 'approve', risk: 'low', nowMs: 0 }, { type: 'plan-changed', revision: 2, previousRevision: 2 }).step,
    ).toBe('sending')
  })
})
