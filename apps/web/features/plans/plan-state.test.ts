import type { PlanView } from '@clawbernetes/protocol/views/plan'
import { describe, expect, it } from 'vitest'
import { isDecidable, newerPlan, presentPlan } from './plan-state'

const proposed = {
  state: 'proposed',
  revision: 2,
  latestRevision: 2,
  drift: [],
  expiresAt: '2026-11-23T14:00:00.000Z',
} as const
const before = Date.parse('2026-11-22T14:00:00.000Z')
const after = Date.parse('2026-11-24T14:00:00.000Z')

describe('what a card says about itself', () => {
  it('needs approval until it is decided, replaced, expired or no longer true', () => {
    expect(presentPlan({ ...proposed, drift: [] }, before).word).toBe('Needs approval')
    expect(presentPlan({ ...proposed, latestRevision: 3, drift: [] }, before).word).toBe('Superseded by r3')
    expect(presentPlan({ ...proposed, drift: [] }, after).word).toBe('Expired')
    expect(
      presentPlan({ ...proposed, drift: [{ text: 'GPU 2 is free', was: 'free', is: 'taken' }] }, before).word,
    ).toBe('Blocked')
  })
  it('cannot be decided once expired or superseded', () => {
    expect(isDecidable({ ...proposed, drift: [] }, before)).toBe(true)
    expect(isDecidable({ ...proposed, drift: [] }, after)).toBe(false)
    expect(isDecidable({ ...proposed, latestRevision: 3, drift: [] }, before)).toBe(false)
  })
})

it('keeps the newer copy when an older one arrives later', () => {
  const plan = (version: number) => ({ id: 'plan_1', version }) as PlanView
  expect(newerPlan(plan(5), plan(4)).version).toBe(5)
  expect(newerPlan(plan(5), plan(6)).version).toBe(6)
  expect(newerPlan(undefined, plan(1)).version).toBe(1)
})
