import { type Ruling, ttlFor } from '@clawbernetes/domain/approvals/policy'
import type { PlanContent } from '@clawbernetes/protocol/plans/content'
import { planLabel } from '../plans/plan-digest'

/**
 * The card as the policy sees it: risk and reason after what it raised, and a name to type where the raised risk asks for one.
 * Stored, so that an edit of the policy later does not make the card easier.
 */
export function ruledContent(content: PlanContent, ruling: Ruling, planNumber: number): PlanContent {
  const target = content.affects.nodes[0]?.name ?? content.affects.workloads[0]?.name ?? planLabel(planNumber)
  const raised = ruling.raised.length > 0 ? `Raised by the policy: ${ruling.raised.join('; ')}.` : ''
  return {
    ...content,
    risk: ruling.risk,
    riskReason: [content.riskReason, raised].filter(Boolean).join(' ').slice(0, 300),
    confirmName: ruling.typedName ? (content.confirmName ?? target.slice(0, 80)) : content.confirmName,
    ttlS: ttlFor(ruling, content),
  }
}
