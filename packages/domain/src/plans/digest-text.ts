import type { PlanContent } from '@clawbernetes/protocol/plans/content'
import { canonicalJson } from '../canonical-json'

/**
 * What an approval is bound to: the organisation, the tool with exact arguments, the steps with absolute targets, the material
 * facts and the policy's version. Two texts are equal exactly when the same thing would be done on the same grounds.
 */
export function digestText(
  orgId: string,
  planNumber: number,
  revision: number,
  content: PlanContent,
  policyVersion: number,
): string {
  return canonicalJson({
    orgId,
    planNumber,
    revision,
    tool: content.tool,
    steps: content.steps.map((s) => ({ kind: s.kind, args: s.args })),
    facts: content.facts.map((f) => ({ kind: f.kind, id: f.id, value: f.value })),
    cost: { perHour: content.cost.perHourMicroUsd, oneOff: content.cost.oneOffMicroUsd },
    risk: content.risk,
    policyVersion,
  })
}
