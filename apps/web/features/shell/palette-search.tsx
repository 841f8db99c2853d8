'use client'
import { useQuery } from '@tanstack/react-query'
import { Command } from 'cmdk'
import { useTRPC } from '@/trpc/client'

type PaletteSearchProps = { text: string; onGo: (href: string) => void; itemClass: string; groupClass: string }
type Hit = { key: string; href: string; mark: string; name: string; note: string }

const MIN_CHARS = 2
/** Enough to find one by typing; the pages show the rest. */
const MAX_HITS = 8

const matching = (hits: readonly Hit[], text: string): Hit[] => {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  const fits = (hit: Hit) => words.every((word) => `${hit.mark} ${hit.name} ${hit.note}`.toLowerCase().includes(word))
  return hits.filter(fits).slice(0, MAX_HITS)
}

/** Things by name. The lists are those that the pages show, so that what is found can be opened. */
export function PaletteSearch({ text, onGo, itemClass, groupClass }: PaletteSearchProps) {
  const trpc = useTRPC()
  const nodes = useQuery(trpc.fleet.nodes.queryOptions())
  const workloads = useQuery(trpc.workloads.list.queryOptions({ view: 'all', limit: 200 }))
  const plans = useQuery(trpc.plans.list.queryOptions({ view: 'all', limit: 100 }))
  if (text.trim().length < MIN_CHARS) return null
  const groups: { heading: string; hits: Hit[] }[] = [
    {
      heading: 'Nodes',
      hits: (nodes.data ?? []).map((node) => ({
        key: node.id,
        href: `/nodes/${node.id}`,
        mark: 'node',
        name: node.name,
        note: node.gpuModels.map((gpu) => `${gpu.count}× ${gpu.model}`).join(', '),
      })),
    },
    {
      heading: 'Workloads',
      hits: (workloads.data ?? []).map((workload) => ({
        key: workload.id,
        href: `/workloads/${workload.id}`,
        mark: 'workload',
        name: workload.name,
        note: workload.status,
      })),
    },
    {
      heading: 'Plans',
      hits: (plans.data ?? []).map((plan) => ({
        key: plan.id,
        href: `/plans/${plan.id}`,
        mark: plan.label,
        name: plan.title,
        note: '',
      })),
    },
  ]
  return groups.map(({ heading, hits }) => {
    const found = matching(hits, text)
    return found.length === 0 ? null : (
      <Command.Group key={heading} heading={heading} className={groupClass} forceMount>
        {found.map((hit) => (
          <Command.Item key={hit.key} forceMount value={hit.key} onSelect={() => onGo(hit.href)} className={itemClass}>
            {hit.mark === hit.mark.toLowerCase() ? null : <span className="text-muted">{hit.mark}</span>}
            <span className="min-w-0 truncate">{hit.name}</span>
            <span className="ml-auto truncate text-sm text-muted">{hit.note}</span>
          </Command.Item>
        ))}
      </Command.Group>
    )
  })
}
