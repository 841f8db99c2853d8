import type { Risk } from '@clawbernetes/protocol/plans/content'
import type { PlanStateName, PlanView, StepStateName } from '@clawbernetes/protocol/views/plan'
import { PLAN_STATE_WORDS, RISK_WORDS, STEP_STATE_WORDS } from '@clawbernetes/protocol/views/state-words'
import type { Tone } from '../../ui/status-pill'

/** How each stored state is said on the card: a shape, a word and a colour, never one of them alone. */
export type Presentation = { tone: Tone; shape: string; word: string }

const PLAN_STATES = {
  proposed: { tone: 'warn', shape: '◷', word: PLAN_STATE_WORDS.proposed },
  approved: { tone: 'info', shape: '■', word: PLAN_STATE_WORDS.approved },
  running: { tone: 'info', shape: '◐', word: PLAN_STATE_WORDS.running },
  succeeded: { tone: 'ok', shape: '✓', word: PLAN_STATE_WORDS.succeeded },
  partial: { tone: 'warn', shape: '▲', word: PLAN_STATE_WORDS.partial },
  failed: { tone: 'crit', shape: '◆', word: PLAN_STATE_WORDS.failed },
  cancelled: { tone: 'pend', shape: '✕', word: PLAN_STATE_WORDS.cancelled },
  rejected: { tone: 'pend', shape: '✕', word: PLAN_STATE_WORDS.rejected },
  expired: { tone: 'pend', shape: '◷', word: PLAN_STATE_WORDS.expired },
  stale: { tone: 'warn', shape: '▲', word: PLAN_STATE_WORDS.stale },
  withdrawn: { tone: 'pend', shape: '○', word: PLAN_STATE_WORDS.withdrawn },
  compensating: { tone: 'warn', shape: '◐', word: PLAN_STATE_WORDS.compensating },
  compensated: { tone: 'pend', shape: '↺', word: PLAN_STATE_WORDS.compensated },
  needs_attention: { tone: 'crit', shape: '◆', word: PLAN_STATE_WORDS.needs_attention },
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
  read: { tone: 'ok', shape: '●', word: RISK_WORDS.read },
  low: { tone: 'ok', shape: '●', word: RISK_WORDS.low },
  medium: { tone: 'warn', shape: '▲', word: RISK_WORDS.medium },
  high: { tone: 'crit', shape: '◆', word: RISK_WORDS.high },
  critical: { tone: 'crit', shape: '◆◆', word: RISK_WORDS.critical },
} as const satisfies Record<Risk, Presentation>

export function presentRisk(risk: Risk): Presentation {
  return RISKS[risk]
}

const STEP_STATES = {
  pending: { tone: 'pend', shape: '○', word: STEP_STATE_WORDS.pending },
  running: { tone: 'info', shape: '◐', word: STEP_STATE_WORDS.running },
  waiting: { tone: 'info', shape: '◷', word: STEP_STATE_WORDS.waiting },
  succeeded: { tone: 'ok', shape: '✓', word: STEP_STATE_WORDS.succeeded },
  failed: { tone: 'crit', shape: '◆', word: STEP_STATE_WORDS.failed },
  skipped: { tone: 'pend', shape: '–', word: STEP_STATE_WORDS.skipped },
  compensating: { tone: 'warn', shape: '◐', word: STEP_STATE_WORDS.compensating },
  compensated: { tone: 'pend', shape: '↺', word: STEP_STATE_WORDS.compensated },
} as const satisfies Record<StepStateName, Presentation>

export function presentStep(state: StepStateName): Presentation {
  return STEP_STATES[state]
}

/** An older copy of a plan never replaces a newer one, in whatever order answers and events arrive. */
export function newerPlan(known: PlanView | undefined, incoming: PlanView): PlanView {
  return known && known.id === incoming.id && known.version > incoming.version ? known : incoming
}
