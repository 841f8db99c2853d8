import type { NodeListItem } from '@clawbernetes/protocol/views/node'

/** A filter as it is typed: `status:degraded model:h100 label:rack=a3 node-0`. Every part must hold. */
export type FilterToken = { key: 'status' | 'model' | 'label' | 'workload' | 'demo' | 'text'; value: string }

const KEYS: ReadonlySet<string> = new Set(['status', 'model', 'label', 'workload', 'demo'])

export function parseFilter(text: string): FilterToken[] {
  return text
    .trim()
    .split(/\s+/)
    .filter(Boolean)
    .map((part) => {
      const colon = part.indexOf(':')
      const key = part.slice(0, colon).toLowerCase()
      const value = part.slice(colon + 1).toLowerCase()
      return colon > 0 && KEYS.has(key) && value !== ''
        ? { key: key as FilterToken['key'], value }
        : { key: 'text' as const, value: part.toLowerCase() }
    })
}

/** The words under which a node can be found by `status:`. */
export function statusWords(node: Pick<NodeListItem, 'status' | 'condition' | 'cordon'>): string[] {
  return [
    node.status,
    ...(node.condition === 'ok' ? ['healthy'] : [node.condition]),
    ...(node.cordon ? ['cordoned'] : []),
  ]
}

export function matchesFilter(node: NodeListItem, tokens: readonly FilterToken[]): boolean {
  return tokens.every(({ key, value }) => {
    switch (key) {
      case 'status':
        return statusWords(node).includes(value)
      case 'model':
        return node.gpuModels.some(({ model }) => model.toLowerCase().includes(value))
      case 'label':
        return Object.entries(node.labels).some(([name, content]) =>
          `${name}=${content}`.toLowerCase().startsWith(value),
        )
      case 'workload':
        return node.workloads.some(({ name }) => name.toLowerCase().includes(value))
      case 'demo':
        return node.demo === (value === 'yes' || value === 'true')
      default:
        return (
          node.name.toLowerCase().includes(value) ||
          node.workloads.some(({ name }) => name.toLowerCase().includes(value))
        )
    }
  })
}

/** The filter with one token switched on or off, as text. */
export function toggleToken(text: string, token: string): string {
  const parts = text.trim().split(/\s+/).filter(Boolean)
  const rest = parts.filter((part) => part.toLowerCase() !== token.toLowerCase())
  return (rest.length < parts.length ? rest : [...parts, token]).join(' ')
}

export function hasToken(text: string, token: string): boolean {
  return text.trim().toLowerCase().split(/\s+/).includes(token.toLowerCase())
}

export type Facet = { token: string; label: string; count: number }

/** What the fleet can be narrowed to with one press, with how many nodes each leaves. */
export function facetsOf(nodes: readonly NodeListItem[]): Facet[] {
  const counts = new Map<string, Facet>()
  const add = (token: string, label: string) => {
    const facet = counts.get(token) ?? { token, label, count: 0 }
    facet.count += 1
    counts.set(token, facet)
  }
  for (const node of nodes) {
    for (const word of new Set(statusWords(node))) add(`status:${word}`, word)
    for (const { model } of node.gpuModels) add(`model:${model.toLowerCase()}`, model)
  }
  const everywhere = (facet: Facet) => facet.count === nodes.length && !facet.token.startsWith('model:')
  return [...counts.values()]
    .filter((facet) => !everywhere(facet) || facet.label === 'offline')
    .sort((a, b) => rank(a) - rank(b) || b.count - a.count)
}

const ORDER = [
  'critical',
  'degraded',
  'cordoned',
  'offline',
  'lost',
  'incompatible',
  'unknown',
  'joining',
  'online',
  'healthy',
]
const rank = (facet: Facet): number => {
  const at = ORDER.indexOf(facet.label)
  return at < 0 ? ORDER.length : at
}
