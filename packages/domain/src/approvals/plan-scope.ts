import type { Risk } from '@clawbernetes/protocol/plans/content'

/** What a policy looks at in a plan: from its content and from the nodes' rows, never from prose. */
export interface PlanScope {
  tool: string
  /** The floor: what the tool says of itself. */
  risk: Risk
  /** The turn read untrusted text. */
  tainted: boolean
  nodes: readonly { name: string; labels: Readonly<Record<string, string>> }[]
  workloads: readonly string[]
  gpus: number
  /** null: unknown. */
  perHourMicroUsd: number | null
  oneOffMicroUsd: number | null
}

/** What ran by itself in the last 24 hours. */
export interface AutoUsage {
  plans: number
  perHourMicroUsd: number
  /** One-off sums, and each rate for a whole day. */
  dayMicroUsd: number
}
export const NO_USAGE: AutoUsage = { plans: 0, perHourMicroUsd: 0, dayMicroUsd: 0 }

/** Adds a plan that ran by itself. Savings do not make room for spending. */
export function addUsage(usage: AutoUsage, scope: Pick<PlanScope, 'perHourMicroUsd' | 'oneOffMicroUsd'>): AutoUsage {
  const rate = Math.max(0, scope.perHourMicroUsd ?? 0)
  return {
    plans: usage.plans + 1,
    perHourMicroUsd: usage.perHourMicroUsd + rate,
    dayMicroUsd: usage.dayMicroUsd + Math.max(0, scope.oneOffMicroUsd ?? 0) + rate * 24,
  }
}
