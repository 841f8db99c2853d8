import type { NamedWindow, PolicyDocument, RiskRule, ScopedRule } from '@clawbernetes/protocol/policy/org-policy'
import type { Preset } from '@clawbernetes/protocol/policy/policy-words'
import type { Risk } from '@clawbernetes/protocol/plans/content'
import { type FullLimits, type FullRule, LIMITS, NODES_AT_ONCE, PRODUCTION_LABELS, TABLE } from './presets'

/** A preset with an organisation's changes laid over it: nothing is left open. */
export interface EffectivePolicy {
  preset: Preset
  risks: Record<Risk, FullRule & { ttlS: number | null }>
  tools: Readonly<Record<string, RiskRule>>
  auto: FullLimits
  raise: {
    nodesAtOnce: number | null
    labels: readonly { key: string; value: string }[]
    spendMicroUsd: number | null
  }
  maintenance: readonly NamedWindow[]
  quiet: readonly NamedWindow[]
  rules: readonly ScopedRule[]
  criticalAlone: boolean
}

export function effectivePolicy({ preset, edits }: PolicyDocument): EffectivePolicy {
  const row = (risk: Risk): FullRule & { ttlS: number | null } => {
    const { ttlS = null, ...edit } = risk === 'read' ? {} : (edits.risks[risk] ?? {})
    return { ...TABLE[preset][risk], ...defined(edit), ttlS }
  }
  const { nodesAtOnce, labels, spendMicroUsd } = edits.raise
  return {
    preset,
    risks: { read: row('read'), low: row('low'), medium: row('medium'), high: row('high'), critical: row('critical') },
    tools: edits.tools,
    auto: { ...LIMITS[preset], ...defined(edits.auto) },
    raise: {
      nodesAtOnce: nodesAtOnce === undefined ? NODES_AT_ONCE[preset] : nodesAtOnce,
      labels: labels ?? PRODUCTION_LABELS,
      spendMicroUsd: spendMicroUsd ?? null,
    },
    maintenance: edits.maintenance,
    quiet: edits.quiet,
    rules: edits.rules,
    criticalAlone: edits.criticalAlone,
  }
}

/** Without the keys that say nothing, so that they do not wipe out what the preset says. */
const defined = <T extends object>(edit: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(edit).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
