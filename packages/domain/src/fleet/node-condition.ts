import type { FindingSeverity } from '@clawbernetes/protocol/views/finding'
import type { NodeCondition, NodeStatus } from '@clawbernetes/protocol/views/node'
import type { GpuFacts } from './gpu-state'

const SEVERITIES: readonly FindingSeverity[] = ['info', 'warning', 'critical']

export function worstSeverity(severities: readonly FindingSeverity[]): FindingSeverity | null {
  return severities.reduce<FindingSeverity | null>(
    (worst, one) => (worst === null || SEVERITIES.indexOf(one) > SEVERITIES.indexOf(worst) ? one : worst),
    null,
  )
}

/** What a person should think of a node. One that does not report is unknown, not healthy and not broken. */
export function nodeCondition(
  status: NodeStatus,
  gpus: readonly Pick<GpuFacts, 'health' | 'readability' | 'missing'>[],
  findings: readonly FindingSeverity[],
): NodeCondition {
  if (status !== 'online') return 'unknown'
  const worst = worstSeverity(findings)
  if (worst === 'critical' || gpus.some((gpu) => gpu.health === 'failed' || gpu.readability !== 'ok')) return 'critical'
  if (worst === 'warning' || gpus.some((gpu) => gpu.missing || gpu.health !== 'ok')) return 'degraded'
  return 'ok'
}
