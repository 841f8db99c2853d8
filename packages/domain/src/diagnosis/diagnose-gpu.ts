import type { FindingDraft, GpuFacts, Rule } from './facts'
import { driverReads } from './rules/driver-reads'
import { eccCorrected, eccUncorrected, rowRemap } from './rules/memory-errors'
import { hungContext, slowInGang } from './rules/progress'
import { hwSlowdown } from './rules/slowdown'
import { thermalThrottling } from './rules/thermal'
import { xids } from './rules/xid'

/** All rules for one GPU, as data: they improve here without touching a machine. */
export const GPU_RULES: readonly Rule[] = [
  driverReads,
  thermalThrottling,
  hwSlowdown,
  eccCorrected,
  eccUncorrected,
  rowRemap,
  xids,
  hungContext,
  slowInGang,
]

export interface Verdict {
  drafts: FindingDraft[]
  /** Open findings that nothing supports any more. */
  cleared: string[]
}

/** Folds the rules over what is known. A rule that cannot know (no reports) neither opens nor clears anything. */
export function diagnoseGpu(gpu: GpuFacts): Verdict {
  const asked = GPU_RULES.filter((rule) => gpu.reporting || !rule.needsReports)
  const drafts = asked.flatMap((rule) => rule.judge(gpu))
  const found = new Set(drafts.map((draft) => draft.rule))
  const cleared = [...gpu.open].filter((name) => !found.has(name) && asked.some((rule) => belongsTo(rule, name)))
  return { drafts, cleared }
}

const belongsTo = (rule: Rule, name: string): boolean => name === rule.name || name.startsWith(`${rule.name}-`)
