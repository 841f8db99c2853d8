import { RISKS, type Risk } from '@clawbernetes/protocol/plans/content'
import type { EffectivePolicy } from './effective-policy'
import type { PlanScope } from './plan-scope'

/** The higher of two risks. */
export const maxRisk = (a: Risk, b: Risk): Risk => (RISKS.indexOf(a) >= RISKS.indexOf(b) ? a : b)

/** The risk of a plan under a policy: never below what the tool says, with the reason for each raise. Reads are never raised. */
export function raiseRisk(policy: Pick<EffectivePolicy, 'raise'>, scope: PlanScope): { risk: Risk; reasons: string[] } {
  if (scope.risk === 'read') return { risk: 'read', reasons: [] }
  const { nodesAtOnce, labels, spendMicroUsd } = policy.raise
  const reasons: string[] = []
  let risk: Risk = scope.risk
  const raise = (to: Risk, why: string) => {
    if (maxRisk(risk, to) === risk) return
    risk = to
    reasons.push(why)
  }
  if (nodesAtOnce !== null && scope.nodes.length > nodesAtOnce)
    raise('high', `it touches ${scope.nodes.length} nodes at once, the policy's limit is ${nodesAtOnce}`)
  const marked = scope.nodes.find((node) => labels.some(({ key, value }) => node.labels[key] === value))
  const label = marked ? labels.find(({ key, value }) => marked.labels[key] === value) : undefined
  // Labels and alert rules of a production node do not disturb what runs there.
  if (marked && label && scope.risk !== 'low') raise('high', `${marked.name} is labelled ${label.key}=${label.value}`)
  if (spendMicroUsd !== null && over(scope, spendMicroUsd))
    raise('critical', `it spends more than the organisation's limit of ${usd(spendMicroUsd)}`)
  return { risk, reasons }
}

const over = (scope: PlanScope, limitMicroUsd: number): boolean =>
  (scope.perHourMicroUsd ?? 0) > limitMicroUsd || (scope.oneOffMicroUsd ?? 0) > limitMicroUsd

/** "$7.20" */
export const usd = (microUsd: number): string => `$${(microUsd / 1_000_000).toFixed(2)}`
