import type { ScopedRule } from '@clawbernetes/protocol/policy/org-policy'
import type { PlanScope } from './plan-scope'
import { isInside } from './weekly-window'

/**
 * Which rule speaks of this plan; the strictest when several do. A rule that lets something run must fit everything that the
 * plan touches; one that asks or refuses need only fit a part of it.
 */
export function ruleFor(rules: readonly ScopedRule[], scope: PlanScope, atMs: number): ScopedRule | null {
  const matching = rules.filter((rule) => speaksOf(rule, scope, atMs))
  return (
    matching.find((rule) => rule.answer === 'deny') ??
    matching.find((rule) => rule.answer === 'ask') ??
    matching[0] ??
    null
  )
}

function speaksOf(rule: ScopedRule, scope: PlanScope, atMs: number): boolean {
  if (rule.tool !== '*' && rule.tool !== scope.tool) return false
  if (Date.parse(rule.until) <= atMs) return false
  if (rule.hours && !isInside(rule.hours, atMs)) return false
  const lets = rule.answer === 'auto'
  const limit = rule.maxPerHourMicroUsd
  if (lets && limit !== null && !(scope.perHourMicroUsd !== null && scope.perHourMicroUsd <= limit)) return false
  return labelsFit(rule, scope, lets) && nameFits(rule, scope, lets)
}

function labelsFit({ target }: ScopedRule, { nodes }: PlanScope, lets: boolean): boolean {
  const wanted = target.labels
  if (wanted === null) return true
  const fits = (node: PlanScope['nodes'][number]) =>
    Object.entries(wanted).every(([key, value]) => node.labels[key] === value)
  return nodes.length > 0 && (lets ? nodes.every(fits) : nodes.some(fits))
}

function nameFits({ target }: ScopedRule, { nodes, workloads }: PlanScope, lets: boolean): boolean {
  const pattern = target.name
  if (pattern === null) return true
  // What is named may be the workload or the node it runs on: all of either kind.
  const lists = [workloads, nodes.map((node) => node.name)].filter((names) => names.length > 0)
  const fits = (name: string) => globMatches(pattern, name)
  return lists.some((names) => (lets ? names.every(fits) : names.some(fits)))
}

/** `*` stands for any letters. Linear in the text: no pattern of a person can make it slow. */
export function globMatches(pattern: string, text: string): boolean {
  const parts = pattern.split('*')
  const [first = ''] = parts
  if (parts.length === 1) return pattern === text
  const last = parts.at(-1) ?? ''
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return false
  let at = first.length
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at)
    if (found === -1 || found + part.length > text.length - last.length) return false
    at = found + part.length
  }
  return true
}
