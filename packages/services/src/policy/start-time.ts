import type { PlanScope } from '@clawbernetes/domain/approvals/plan-scope'
import { type StartWindow, startWindow } from '@clawbernetes/domain/approvals/start-window'
import { atWords } from '@clawbernetes/domain/at-words'
import type { OrgPolicy } from './read-org-policy'

/** May this plan start at this moment? What touches neither node nor workload never waits for a window. */
export function planWindow({ policy }: OrgPolicy, scope: PlanScope, at: Date): StartWindow {
  const targets = scope.nodes.length > 0 ? scope.nodes : scope.workloads.length > 0 ? [{ labels: {} }] : []
  return startWindow(policy, targets, at.getTime())
}

/** Looked for again when no window opens within the days that are searched: somebody may have edited them by then. */
export const NO_OPENING_MS = 86_400_000

export function windowWords(window: Exclude<StartWindow, { open: true }>): string {
  const when =
    window.opensAtMs === null ? 'no window opens in the next days' : `starts ${atWords(new Date(window.opensAtMs))}`
  return window.kind === 'quiet'
    ? `${when}, after the quiet window ${window.name} (${window.hours})`
    : `${when}, in a maintenance window such as ${window.name} (${window.hours})`
}
