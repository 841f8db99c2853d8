import { ANSWERS, type PolicyAnswer } from '@clawbernetes/protocol/policy/policy-words'
import type { Risk } from '@clawbernetes/protocol/plans/content'
import { ROLES, type Role, roleAtLeast } from '@clawbernetes/protocol/permissions'
import type { EffectivePolicy } from './effective-policy'
import type { AutoUsage, PlanScope } from './plan-scope'
import { DEFAULT_TTL_S, FLOOR, type FullRule } from './presets'
import { maxRisk, raiseRisk, usd } from './raise-risk'
import { ruleFor } from './scoped-rule'
import { isInside } from './weekly-window'

/** What the policy says of a plan: run at once, ask people, or refuse. */
export interface Ruling {
  answer: PolicyAnswer
  /** After what the policy raised. */
  risk: Risk
  approvalsNeeded: number
  /** The lowest role that may approve. */
  approver: Role
  /** The proposer's own approval does not count. */
  needsSecondPerson: boolean
  /** May a typed "yes" in the chat approve? Never for high and above, never in a tainted turn. */
  typedConsent: boolean
  /** The target's name must be typed. */
  typedName: boolean
  ttlS: number | null
  /** In words, for the card and the audit. */
  reason: string
  /** Why the policy takes it more seriously than the tool does. */
  raised: string[]
}

/**
 * The one table. Preset and edits, then the tool's own rule, then scoped rules, then limits and taint, and last the floors of
 * code, below which nothing goes.
 */
export function rule(policy: EffectivePolicy, scope: PlanScope, usage: AutoUsage, atMs: number): Ruling {
  const { risk, reasons: raised } = raiseRisk(policy, scope)
  const { ttlS: riskTtlS, ...byRisk } = policy.risks[risk]
  const tool = policy.tools[scope.tool] ?? {}
  const base: FullRule = {
    ...byRisk,
    answer: tool.answer ?? byRisk.answer,
    approvals: tool.approvals ?? byRisk.approvals,
    approver: tool.approver ?? byRisk.approver,
    fourEyes: tool.fourEyes ?? byRisk.fourEyes,
  }
  let reason = `${risk} risk under the ${policy.preset} policy`
  if (tool.answer !== undefined) reason = `the policy has a rule for ${scope.tool.replaceAll('_', ' ')}`
  const scoped = ruleFor(policy.rules, scope, atMs)
  let answer: PolicyAnswer = base.answer
  if (scoped) {
    // A refusal for the whole risk or tool is not undone by a rule that lets a part of it run.
    answer = base.answer === 'deny' ? 'deny' : scoped.answer
    reason = `rule ${scoped.note || scoped.id} of the policy, until ${scoped.until.slice(0, 10)}`
  }
  const against = answer === 'auto' && risk !== 'read' ? notByItself(policy, scope, usage, atMs) : null
  if (against) {
    answer = 'ask'
    reason = against
  }
  const floored = aboveFloor({ ...base, answer }, risk)
  if (floored.answer !== answer) reason = `${risk} risk always needs people`
  return {
    answer: floored.answer,
    risk,
    approvalsNeeded: floored.answer === 'auto' ? 0 : floored.approvals,
    approver: floored.approver,
    needsSecondPerson: floored.fourEyes,
    typedConsent: floored.typedConsent && !scope.tainted,
    typedName: risk === 'high' || risk === 'critical',
    ttlS: tool.ttlS ?? riskTtlS,
    reason,
    raised,
  }
}

/** Each field at least as strict as the floor of its risk. */
function aboveFloor(rule: FullRule, risk: Risk): FullRule {
  const floor = FLOOR[risk]
  return {
    answer: stricterAnswer(rule.answer, floor.answer),
    approvals: Math.max(rule.approvals, floor.approvals),
    approver: higherRole(rule.approver, floor.approver),
    fourEyes: rule.fourEyes || floor.fourEyes,
    typedConsent: rule.typedConsent && floor.typedConsent,
  }
}

/** Why a plan that the policy would let run must ask after all; null: it may run. */
function notByItself(policy: EffectivePolicy, scope: PlanScope, usage: AutoUsage, atMs: number): string | null {
  const { auto } = policy
  if (scope.tainted) return 'it was formed after reading untrusted text'
  if (auto.gpus !== null && scope.gpus > auto.gpus)
    return `it takes ${scope.gpus} GPUs, by itself at most ${auto.gpus} may be taken`
  if (auto.nodes !== null && scope.nodes.length > auto.nodes)
    return `it touches ${scope.nodes.length} nodes, by itself at most ${auto.nodes}`
  if (auto.plansPerDay !== null && usage.plans >= auto.plansPerDay)
    return `${usage.plans} plans ran by themselves in the last 24 hours, the limit is ${auto.plansPerDay}`
  if (auto.hours && !auto.hours.some((hours) => isInside(hours, atMs)))
    return 'it is outside of the hours in which plans run by themselves'
  return overMoney(auto, scope, usage)
}

function overMoney(auto: EffectivePolicy['auto'], scope: PlanScope, usage: AutoUsage): string | null {
  if (auto.perHourMicroUsd === null && auto.perDayMicroUsd === null) return null
  if (scope.perHourMicroUsd === null || scope.oneOffMicroUsd === null) return 'its cost is unknown'
  const rate = Math.max(0, scope.perHourMicroUsd)
  const perHour = usage.perHourMicroUsd + rate
  if (auto.perHourMicroUsd !== null && rate > 0 && perHour > auto.perHourMicroUsd)
    return `with it ${usd(perHour)} an hour would run by itself, the limit is ${usd(auto.perHourMicroUsd)}`
  const once = Math.max(0, scope.oneOffMicroUsd)
  const perDay = usage.dayMicroUsd + once + rate * 24
  if (auto.perDayMicroUsd !== null && rate + once > 0 && perDay > auto.perDayMicroUsd)
    return `with it ${usd(perDay)} a day would be spent by itself, the limit is ${usd(auto.perDayMicroUsd)}`
  return null
}

const stricterAnswer = (a: PolicyAnswer, b: PolicyAnswer): PolicyAnswer =>
  ANSWERS.indexOf(a) >= ANSWERS.indexOf(b) ? a : b
const higherRole = (a: Role, b: Role): Role => (ROLES.indexOf(a) >= ROLES.indexOf(b) ? a : b)

/** The stricter of two rulings in every respect: what a card said still holds when the policy was made looser since. */
export function strictest(said: Ruling, now: Ruling): Ruling {
  const answer = stricterAnswer(said.answer, now.answer)
  return {
    answer,
    risk: maxRisk(said.risk, now.risk),
    approvalsNeeded: answer === 'auto' ? 0 : Math.max(1, said.approvalsNeeded, now.approvalsNeeded),
    approver: higherRole(said.approver, now.approver),
    needsSecondPerson: said.needsSecondPerson || now.needsSecondPerson,
    typedConsent: said.typedConsent && now.typedConsent,
    typedName: said.typedName || now.typedName,
    ttlS: now.ttlS,
    reason: answer === now.answer ? now.reason : said.reason,
    raised: [...new Set([...said.raised, ...now.raised])],
  }
}

export interface Approver {
  id: string
  role: Role
}

/**
 * null: may approve; else why not, in words.
 * @param authors who asked for it and who edited this revision
 * @param members how many people the organisation has: one alone may approve their own request, critical only when the policy says so
 */
export function mayApprove(
  ruling: Ruling,
  person: Approver,
  authors: readonly string[],
  members: number,
  criticalAlone: boolean,
): string | null {
  if (ruling.answer === 'deny') return `The policy refuses this: ${ruling.reason}.`
  if (!roleAtLeast(person.role, ruling.approver))
    return `Approving this needs the role ${ruling.approver}; yours is ${person.role}.`
  if (members === 1 && ruling.risk === 'critical' && !criticalAlone)
    return 'Critical plans need two people, and you are the only member. Invite a second person, or let the policy allow it.'
  if (ruling.needsSecondPerson && members > 1 && authors.includes(person.id))
    return authors[0] === person.id
      ? 'You asked for this; the policy needs a second person.'
      : 'You edited this; the policy needs a second person.'
  return null
}

/** How many approvals it takes: a person alone is enough where nobody else is, if `mayApprove` lets them. */
export const quorum = (ruling: Ruling, members: number): number =>
  members === 1 ? 1 : Math.max(1, ruling.approvalsNeeded)

/** How long a proposal lives: what its tool says (a quote may be short), unless the policy says otherwise; raised risk is decided sooner. */
export function ttlFor(ruling: Ruling, tool: { risk: Risk; ttlS: number }): number {
  const quoted = tool.ttlS < DEFAULT_TTL_S[tool.risk]
  if (ruling.ttlS !== null) return quoted ? Math.min(tool.ttlS, ruling.ttlS) : ruling.ttlS
  return ruling.risk === tool.risk ? tool.ttlS : Math.min(tool.ttlS, DEFAULT_TTL_S[ruling.risk])
}
