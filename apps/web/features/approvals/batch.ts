import type { PlanListItem } from '@clawbernetes/protocol/views/plan'

/** Can these be approved together, and why not? Only low risk, only one kind of action; each still gets its own decision. */
export function whyNotTogether(items: readonly PlanListItem[]): string | null {
  const risky = items.find((item) => item.risk !== 'low' && item.risk !== 'read')
  if (risky) return `${risky.label} is of ${risky.risk} risk: only low risk is approved together.`
  const actions = new Set(items.map((item) => item.action))
  if (actions.size > 1) return 'These are different actions: only the same action is approved together.'
  return null
}

/** "3 approved. PL-104 was not: It was rejected." */
export function batchWords(results: readonly { label: string; refusal: string | null }[]): string {
  const refused = results.filter((result) => result.refusal !== null)
  const done = results.length - refused.length
  return [`${done} approved.`, ...refused.map((result) => `${result.label} was not: ${result.refusal}`)].join(' ')
}
