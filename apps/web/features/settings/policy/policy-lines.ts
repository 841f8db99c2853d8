import { type EffectivePolicy, effectivePolicy } from '@clawbernetes/domain/approvals/effective-policy'
import { windowWords } from '@clawbernetes/domain/approvals/weekly-window'
import type { NamedWindow, PolicyDocument, RiskRule, ScopedRule } from '@clawbernetes/protocol/policy/org-policy'
import type { PolicyAnswer } from '@clawbernetes/protocol/policy/policy-words'

export const ANSWER_WORDS: Record<PolicyAnswer, string> = {
  auto: 'runs by itself',
  ask: 'asks',
  deny: 'is refused',
}
export const EDITABLE_RISKS = ['low', 'medium', 'high', 'critical'] as const
export type EditableRisk = (typeof EDITABLE_RISKS)[number]

export interface PolicyChange {
  label: string
  before: string
  after: string
}

/** What a draft changes, line by line, in words; what is the same is left out. */
export function policyDiff(before: PolicyDocument, after: PolicyDocument): PolicyChange[] {
  const [was, is] = [linesOf(before), linesOf(after)]
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((label) => {
    const [a, b] = [was.get(label) ?? 'none', is.get(label) ?? 'none']
    return a === b ? [] : [{ label, before: a, after: b }]
  })
}

function linesOf(document: PolicyDocument): Map<string, string> {
  const policy = effectivePolicy(document)
  return new Map([
    ['Preset', policy.preset],
    ...EDITABLE_RISKS.map((risk) => [`${risk} risk`, ruleWords(policy.risks[risk])] as const),
    ...Object.entries(policy.tools).map(([tool, rule]) => [actionWords(tool), ruleWords(rule)] as const),
    ...limitLines(policy),
    ['Nodes at once, above is high', amount(policy.raise.nodesAtOnce)],
    ['Production labels', policy.raise.labels.map(({ key, value }) => `${key}=${value}`).join(', ') || 'none'],
    ['Spending above is critical', dollars(policy.raise.spendMicroUsd)],
    ...policy.maintenance.map((window) => [`Maintenance window ${window.name}`, named(window)] as const),
    ...policy.quiet.map((window) => [`Quiet window ${window.name}`, named(window)] as const),
    ...policy.rules.map((rule) => [`Rule ${rule.note || rule.id}`, scopedWords(rule)] as const),
    ['One person alone approves critical plans', policy.criticalAlone ? 'yes' : 'no'],
  ])
}

export function ruleWords(rule: Omit<RiskRule, 'ttlS'> & { ttlS?: number | null | undefined }): string {
  const parts = [
    rule.answer ? ANSWER_WORDS[rule.answer] : 'as its risk',
    rule.answer === 'auto'
      ? null
      : rule.approvals
        ? `${rule.approvals} ${rule.approvals === 1 ? 'approval' : 'approvals'}`
        : null,
    rule.answer === 'auto' ? null : (rule.approver ?? null),
    rule.fourEyes ? 'second person' : null,
    rule.ttlS ? `lives ${rule.ttlS / 60} min` : null,
  ]
  return parts.filter(Boolean).join(', ')
}

const limitLines = ({ auto }: EffectivePolicy): [string, string][] => [
  ['By itself, per hour', dollars(auto.perHourMicroUsd)],
  ['By itself, per day', dollars(auto.perDayMicroUsd)],
  ['By itself, GPUs of a plan', amount(auto.gpus)],
  ['By itself, nodes of a plan', amount(auto.nodes)],
  ['By itself, plans a day', amount(auto.plansPerDay)],
  ['By itself, hours', auto.hours ? auto.hours.map(windowWords).join('; ') || 'never' : 'any time'],
]

/** "run training on nodes with env=dev runs by itself, up to $10.00/h, until 2026-12-01" */
export function scopedWords(rule: ScopedRule): string {
  const { labels, name } = rule.target
  const on = [
    name ? `on ${name}` : null,
    labels && Object.keys(labels).length > 0 ? `on nodes with ${labelText(labels)}` : null,
  ].filter(Boolean)
  return [
    `${rule.tool === '*' ? 'every action' : actionWords(rule.tool)} ${on.join(' and ')}`.trim(),
    ANSWER_WORDS[rule.answer],
    rule.maxPerHourMicroUsd === null ? null : `up to ${dollars(rule.maxPerHourMicroUsd)} an hour`,
    rule.hours ? windowWords(rule.hours) : null,
    `until ${rule.until.slice(0, 10)}`,
  ]
    .filter(Boolean)
    .join(', ')
}

const named = (window: NamedWindow): string =>
  `${windowWords(window)}${window.labels ? `, nodes with ${labelText(window.labels)}` : ''}`

export const actionWords = (tool: string): string => tool.replaceAll('_', ' ')
export const labelText = (labels: Readonly<Record<string, string>>): string =>
  Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(', ')

/** "env=prod, rack=a" as labels; what has no equals sign is a label without a value. Empty: null. */
export function parseLabels(text: string): Record<string, string> | null {
  const pairs = text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)
    .map((part) => {
      const at = part.indexOf('=')
      return at === -1 ? ([part, ''] as const) : ([part.slice(0, at).trim(), part.slice(at + 1).trim()] as const)
    })
  return pairs.length === 0 ? null : Object.fromEntries(pairs)
}

const amount = (value: number | null): string => (value === null ? 'no limit' : String(value))
const dollars = (microUsd: number | null): string =>
  microUsd === null ? 'no limit' : `$${(microUsd / 1_000_000).toFixed(2)}`
