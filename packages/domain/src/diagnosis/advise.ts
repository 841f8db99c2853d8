import type { FindingSeverity } from '@clawbernetes/protocol/views/finding'

/** What is known when a finding is to become advice. */
export interface AdviceFacts {
  rule: string
  severity: FindingSeverity
  node: string
  gpu: number | null
  /** Other GPUs that a reset of this one takes along: those of its link domain. */
  linkedGpus: number
  holder: { workload: string } | null
  /** A node with room for the whole workload, and what it has; null: there is none now. */
  moveTo: { node: string; gpuModel: string; sameModel: boolean } | null
}

/** A change that a person may ask for with "do it": a tool and its arguments, and why. */
export interface Advice {
  intent: 'migrate_workload' | 'restart_workload' | 'drain_node' | 'isolate_gpu'
  slots: Record<string, string | number | string[]>
  text: string
  /** What would be enough where the reason for the wider change does not hold. */
  narrower: string | null
}

/** Gravest first: what is advised when several findings are open. */
const ORDER = [
  'gpu-unreadable',
  'ecc-uncorrected',
  'row-remap-failure',
  'xid',
  'hung-context',
  'thermal-throttling',
  'hw-slowdown',
  'ecc-corrected',
  'slow-in-gang',
]
const SEVERITY: Record<FindingSeverity, number> = { critical: 0, warning: 1, info: 2 }
const familyOf = (rule: string): string => (rule.startsWith('xid-') ? 'xid' : rule)

/** Findings that lead to advice, gravest first; one that only informs, or whose rule advises nothing, is left out. */
export function worthAdvice<T extends { rule: string; severity: FindingSeverity }>(findings: readonly T[]): T[] {
  const rank = (f: T) => ORDER.indexOf(familyOf(f.rule))
  return findings
    .filter((f) => f.severity !== 'info' && rank(f) >= 0)
    .sort((a, b) => SEVERITY[a.severity] - SEVERITY[b.severity] || rank(a) - rank(b))
}

/**
 * The cheapest change that helps, or nothing. Heat and slowness move the work; memory faults need the card out of use, and the
 * whole node only where a reset would stop its linked GPUs too.
 */
export function advise(facts: AdviceFacts): Advice | null {
  const { rule, node, gpu, holder } = facts
  if (facts.severity === 'info' || gpu === null) return null
  switch (familyOf(rule)) {
    case 'hung-context':
      return holder
        ? {
            intent: 'restart_workload',
            slots: { workload: holder.workload },
            text: `Restart ${holder.workload} from its last checkpoint.`,
            narrower: null,
          }
        : null
    case 'thermal-throttling':
    case 'hw-slowdown':
    case 'slow-in-gang':
      return moveAway(facts, gpu)
    case 'gpu-unreadable':
    case 'ecc-uncorrected':
    case 'ecc-corrected':
    case 'row-remap-failure':
      return outOfUse(facts, gpu)
    case 'xid':
      return facts.severity === 'critical' ? outOfUse(facts, gpu) : null
    default:
      return null
  }

  function moveAway({ moveTo }: AdviceFacts, index: number): Advice | null {
    if (!holder)
      return rule === 'slow-in-gang'
        ? null
        : {
            intent: 'isolate_gpu',
            slots: { node, gpu: index },
            text: `Isolate GPU ${index} of ${node}, so that no new work lands on it.`,
            narrower: null,
          }
    if (!moveTo) return null
    const change = moveTo.sameModel ? '' : ` It has ${moveTo.gpuModel}: another GPU model than now.`
    return {
      intent: 'migrate_workload',
      slots: { workload: holder.workload, to_node: moveTo.node },
      text: `Move ${holder.workload} to ${moveTo.node}.${change}`,
      narrower: null,
    }
  }
}

function outOfUse({ node, linkedGpus }: AdviceFacts, gpu: number): Advice {
  if (linkedGpus === 0)
    return {
      intent: 'isolate_gpu',
      slots: { node, gpu },
      text: `Isolate GPU ${gpu} of ${node}, then run the diagnostics on it.`,
      narrower: null,
    }
  return {
    intent: 'drain_node',
    slots: { node, isolate_gpu: gpu },
    text: `Drain ${node} and isolate GPU ${gpu} for diagnostics: a reset stops what runs on the ${linkedGpus} GPU${linkedGpus === 1 ? '' : 's'} linked with it, too.`,
    narrower: `Isolating GPU ${gpu} alone is enough as long as no reset is needed.`,
  }
}
