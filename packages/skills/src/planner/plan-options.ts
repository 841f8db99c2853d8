import type { PendingPlan } from './context'
import { list } from './reply'
import { needsCard } from './tools-table'
import type { Option } from './understand'

/** Plans of high risk, and tools that are decided on the card alone: no words approve them. */
export const isForCard = (plan: PendingPlan): boolean =>
  plan.risk === 'high' || plan.risk === 'critical' || (plan.intent !== '' && needsCard(plan.intent))

/** A chat shows a handful of buttons; more plans than that are decided on their cards. */
const MOST_OPTIONS = 8

/** One for each waiting plan; those that words cannot approve are left to their cards. */
export function decisions(verb: 'approve' | 'reject', pending: readonly PendingPlan[]): Option[] {
  return pending
    .filter((plan) => verb === 'reject' || !isForCard(plan))
    .slice(0, MOST_OPTIONS)
    .map(({ id }) => ({ label: `${verb === 'approve' ? 'Approve' : 'Reject'} ${id}`, send: `${verb} ${id}` }))
}

export const yesOrNo = (plan: PendingPlan): Option[] => [
  ...decisions('approve', [plan]),
  ...decisions('reject', [plan]),
]

/** Several wait and none was named: a no to one of them is not a no to all. */
export function whichToReject(pending: readonly PendingPlan[]): { text: string; options: Option[] } {
  return {
    text: `${pending.length} plans are waiting: ${list(pending.map((plan) => plan.id))}. Which one do you reject?`,
    options: decisions('reject', pending),
  }
}
