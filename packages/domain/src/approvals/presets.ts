import type { AutoLimits, RiskRule } from '@clawbernetes/protocol/policy/org-policy'
import type { Preset } from '@clawbernetes/protocol/policy/policy-words'
import type { Risk } from '@clawbernetes/protocol/plans/content'
import type { Role } from '@clawbernetes/protocol/permissions'

/** A risk's rule with nothing left open. */
export type FullRule = Required<Omit<RiskRule, 'ttlS'>> & { typedConsent: boolean }
export type FullLimits = { [K in keyof AutoLimits]-?: Exclude<AutoLimits[K], undefined> }

export const APPROVER: Record<Risk, Role> = {
  read: 'viewer',
  low: 'operator',
  medium: 'operator',
  high: 'approver',
  critical: 'approver',
}

/** Seconds that a proposal of this risk lives when neither its tool nor the policy says otherwise. */
export const DEFAULT_TTL_S: Record<Risk, number> = { read: 86_400, low: 86_400, medium: 1800, high: 600, critical: 600 }

const auto = (risk: Risk, typedConsent: boolean): FullRule => ({
  answer: 'auto',
  approvals: 1,
  approver: APPROVER[risk],
  fourEyes: false,
  typedConsent,
})
const ask = (risk: Risk, typedConsent = false): FullRule => ({ ...auto(risk, typedConsent), answer: 'ask' })
const two: FullRule = { ...ask('critical'), approvals: 2, fourEyes: true }

/** Exhaustive: every preset says something of every risk. */
export const TABLE: Record<Preset, Record<Risk, FullRule>> = {
  cautious: { read: auto('read', false), low: ask('low'), medium: ask('medium'), high: ask('high'), critical: two },
  balanced: {
    read: auto('read', false),
    low: auto('low', true),
    medium: ask('medium', true),
    high: ask('high'),
    critical: two,
  },
  autopilot: {
    read: auto('read', false),
    low: auto('low', true),
    medium: auto('medium', true),
    high: ask('high'),
    critical: two,
  },
}

const USD = 1_000_000
const NO_LIMITS: FullLimits = {
  perHourMicroUsd: null,
  perDayMicroUsd: null,
  gpus: null,
  nodes: null,
  plansPerDay: null,
  hours: null,
}

/** What may run by itself. Low risk costs nothing and touches little; autopilot also runs medium, and so is fenced in. */
export const LIMITS: Record<Preset, FullLimits> = {
  cautious: NO_LIMITS,
  balanced: NO_LIMITS,
  autopilot: { ...NO_LIMITS, perHourMicroUsd: 25 * USD, perDayMicroUsd: 200 * USD, gpus: 8, nodes: 4, plansPerDay: 50 },
}

/** More nodes at once than this is of high risk. */
export const NODES_AT_ONCE: Record<Preset, number> = { cautious: 4, balanced: 16, autopilot: 16 }

/** Nodes that carry one of these make a plan high, whatever the preset; an organisation may name others. */
export const PRODUCTION_LABELS: readonly { key: string; value: string }[] = [
  { key: 'env', value: 'prod' },
  { key: 'env', value: 'production' },
]

/**
 * The floor of each risk, set in code: a policy may be stricter in every respect and looser in none. Who may approve, how many,
 * whether it may run by itself, whether a typed yes is enough.
 */
export const FLOOR: Record<Risk, FullRule> = {
  read: auto('read', true),
  low: auto('low', true),
  medium: auto('medium', true),
  high: ask('high'),
  critical: two,
}
