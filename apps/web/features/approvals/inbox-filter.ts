import type { Risk } from '@clawbernetes/protocol/plans/content'
import type { PlanListItem } from '@clawbernetes/protocol/views/plan'

export const INBOX_SORTS = ['expiry', 'newest'] as const
export type InboxSort = (typeof INBOX_SORTS)[number]
export const FILTER_RISKS = ['low', 'medium', 'high', 'critical'] as const satisfies readonly Risk[]

/** What the inbox is narrowed to; an empty text is no filter. `type` is the name of the tool that drafted the plan. */
export type InboxFilter = { risk: string; type: string; by: string }

type Filterable = Pick<PlanListItem, 'risk' | 'action' | 'proposedBy' | 'expiresAt' | 'createdAt' | 'label'>

export const isFiltered = (filter: InboxFilter): boolean => filter.risk !== '' || filter.type !== '' || filter.by !== ''

const matches = (item: Filterable, filter: InboxFilter): boolean =>
  (filter.risk === '' || item.risk === filter.risk) &&
  (filter.type === '' || item.action === filter.type) &&
  (filter.by === '' || item.proposedBy === filter.by)

/** Those that fit, in the order asked for; null leaves the order of the server. */
export function arrange<T extends Filterable>(
  items: readonly T[],
  filter: InboxFilter,
  sort: InboxSort | null,
): readonly T[] {
  const kept = isFiltered(filter) ? items.filter((item) => matches(item, filter)) : items
  if (sort === null) return kept
  const [key, sign] = sort === 'expiry' ? (['expiresAt', 1] as const) : (['createdAt', -1] as const)
  return [...kept].sort((a, b) => sign * (Date.parse(a[key]) - Date.parse(b[key])) || a.label.localeCompare(b.label))
}

export type FilterChoice = { value: string; label: string }
export type FilterChoices = { risk: FilterChoice[]; type: FilterChoice[]; by: FilterChoice[] }

/** What there is to choose from, with how many plans each would show beside the other filters; what is chosen stays in the list. */
export function filterChoices(items: readonly Filterable[], filter: InboxFilter): FilterChoices {
  const count = (field: keyof InboxFilter, of: (item: Filterable) => string): Map<string, number> => {
    const others = items.filter((item) => matches(item, { ...filter, [field]: '' }))
    const counts = new Map<string, number>(filter[field] === '' ? [] : [[filter[field], 0]])
    for (const item of others) counts.set(of(item), (counts.get(of(item)) ?? 0) + 1)
    return counts
  }
  const labelled = (counts: Map<string, number>, words: (value: string) => string): FilterChoice[] =>
    [...counts].map(([value, n]) => ({ value, label: `${words(value)} (${n})` }))
  const rank = (risk: string): number => FILTER_RISKS.findIndex((known) => known === risk)
  return {
    risk: labelled(
      count('risk', (item) => item.risk),
      toolWords,
    ).sort((a, b) => rank(a.value) - rank(b.value)),
    type: labelled(
      count('type', (item) => item.action),
      toolWords,
    ).sort((a, b) => a.label.localeCompare(b.label)),
    by: labelled(
      count('by', (item) => item.proposedBy),
      (name) => name,
    ).sort((a, b) => a.label.localeCompare(b.label)),
  }
}

/** `drain_node` as people read it: "Drain node". */
export function toolWords(tool: string): string {
  const words = tool.replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** What is filtered by, for the sentence that says why nothing is shown. */
export function filterWords({ risk, type, by }: InboxFilter): string {
  const parts = [
    ...(risk ? [`the risk ${risk}`] : []),
    ...(type ? [`the type ${toolWords(type).toLowerCase()}`] : []),
    ...(by ? [`requested by ${by}`] : []),
  ]
  return `the filter for ${parts.join(' and ')}`
}
