import type { Risk } from '@clawbernetes/protocol/plans/content'
import type { PlanStateName, PlanView, StepStateName } from '@clawbernetes/protocol/views/plan'
import type { Tone } from '../../ui/status-pill'

/** How each stored state is said on the card: a shape, a word and a colour, never one of them alone. */
export type Presentation = { tone: Tone; shape: string; word: string }

const PLAN_STATES = {
  proposed: { tone: 'warn', shape: '◷', word: 'Needs approval' },
  approved: { tone: 'info', shape: '■', word: 'Queued' },
  running: { tone: 'info', shape: '◐', word: 'Running' },
  succeeded: { tone: 'ok', shape: '✓', word: 'Done' },
  partial: { tone: 'warn', shape: '▲', word: 'Partly done' },
  failed: { tone: 'crit', shape: '◆', word: 'Failed' },
  cancelled: { tone: 'pend', shape: '✕', word: 'Cancelled' },
  rejected: { tone: 'pend', shape: '✕', word: 'Rejected' },
  expired: { tone: 'pend', shape: '◷', word: 'Expired' },
  stale: { tone: 'warn', shape: '▲', word: 'Out of date' },
  withdrawn: { tone: 'pend', shape: '○', word: 'Withdrawn' },
  compensating: { tone: 'warn', shape: '◐', word: 'Undoing' },
  compensated: { tone: 'pend', shape: '↺', word: 'Undone' },
  needs_attention: { tone: 'crit', shape: '◆', word: 'Needs attention' },
} as const satisfies Record<PlanStateName, Presentation>

export function presentPlanState(state: PlanStateName): Presentation {
  return PLAN_STATES[state]
}

/** The card's own state: what is stored, seen together with revision, drift and the clock. */
export function presentPlan(
  plan: Pick<PlanView, 'state' | 'revision' | 'latestRevision' | 'drift' | 'expiresAt'>,
  nowMs: number | null,
): Presentation {
  if (plan.state !== 'proposed') return PLAN_STATES[plan.state]
  if (plan.revision < plan.latestRevision)
    return { tone: 'pend', shape: '○', word: `Superseded by r${plan.latestRevision}` }
  if (nowMs !== null && nowMs >= Date.parse(plan.expiresAt)) return PLAN_STATES.expired
  if (plan.drift.length > 0) return { tone: 'crit', shape: '◆', word: 'Blocked' }
  return PLAN_STATES.proposed
}

export function isDecidable(
  plan: Pick<PlanView, 'state' | 'revision' | 'latestRevision' | 'drift' | 'expiresAt'>,
  nowMs: number | null,
): boolean {
  return (
    plan.state === 'proposed' &&
    plan.revision === plan.latestRevision &&
    (nowMs === null || nowMs < Date.parse(plan.expiresAt))
  )
}

const FINISHED: ReadonlySet<PlanStateName> = new Set([
  'succeeded',
  'partial',
  'failed',
  'cancelled',
  'compensated',
  'needs_attention',
])
export const isFinished = (state: PlanStateName): boolean => FINISHED.has(state)
const IN_FLIGHT: ReadonlySet<PlanStateName> = new Set(['approved', 'running', 'compensating'])
export const isInFlight = (state: PlanStateName): boolean => IN_FLIGHT.has(state)

const RISKS = {
  read: { tone: 'ok', shape: '●', word: 'None' },
  low: { tone: 'ok', shape: '●', word: 'Low' },
  medium: { tone: 'warn', shape: '▲', word: 'Medium' },
  high: { tone: 'crit', shape: '◆', word: 'High' },
  critical: { tone: 'crit', shape: '◆◆', word: 'Critical' },
} as const satisfies Record<Risk, Presentation>

export function presentRisk(risk: Risk): Presentation {
  return RISKS[risk]
}

const STEP_STATES = {
  pending: { tone: 'pend', shape: '○', word: 'Not started' },
  running: { tone: 'info', shape: '◐', word: 'Running' },
  waiting: { tone: 'info', shape: '◷', word: 'Waiting' },
  succeeded: { tone: 'ok', shape: '✓', word: 'Done' },
  failed: { tone: 'crit', shape: '◆', word: 'Failed' },
  skipped: { tone: 'pend', shape: '–', word: 'Skipped' },
  compensating: { tone: 'warn', shape: '◐', word: 'Undoing' },
  compensated: { tone: 'pend', shape: '↺', word: 'Undone' },
} as const satisfies Record<StepStateName, Presentation>

export function presentStep(state: StepStateName): Presentation {
  return STEP_STATES[state]
}

/** An older copy of a plan never replaces a newer one, in whatever order answers and events arrive. */
export function newerPlan(known: PlanView | undefined, incoming: PlanView): PlanView {
  return known && known.id === incoming.id && known.version > incoming.version ? known : incoming
}
