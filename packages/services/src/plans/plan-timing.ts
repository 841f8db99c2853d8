import type { PlanContent } from '@clawbernetes/protocol/plans/content'
import type { PlanWindowView } from '@clawbernetes/protocol/views/plan'
import type { PlanModel } from '@clawbernetes/db/rows'
import type { DbOrTx } from '../context'
import type { OrgPolicy } from '../policy/read-org-policy'
import { planScope } from '../policy/rule-plan'
import { planWindow, windowWords } from '../policy/start-time'

/** When a plan that has not begun may start; null: at once, or it has begun already. */
export async function planTiming(
  db: DbOrTx,
  org: OrgPolicy,
  plan: PlanModel,
  content: PlanContent,
  at: Date,
): Promise<PlanWindowView | null> {
  if (plan.state !== 'proposed' && plan.state !== 'approved') return null
  if (plan.windowOverrideBy || (org.policy.maintenance.length === 0 && org.policy.quiet.length === 0)) return null
  const window = planWindow(org, await planScope(db, plan.orgId, content), at)
  if (window.open) return null
  const opensAt = window.opensAtMs === null ? null : new Date(window.opensAtMs).toISOString()
  const text = windowWords(window)
  return { opensAt, text: plan.state === 'proposed' ? `Once approved it ${text}` : `Approved; ${text}` }
}
