'use client'
import { useQuery } from '@tanstack/react-query'
import { Command } from 'cmdk'
import { useTRPC } from '@/trpc/client'

type PaletteSearchProps = { text: string; onGo: (href: string) => void; itemClass: string; groupClass: string }

/** Things by name. The lists are those that the pages show, so that what is found can be opened. */
export function PaletteSearch({ text, onGo, itemClass, groupClass }: PaletteSearchProps) {
  const trpc = useTRPC()
  const plans = useQuery(trpc.plans.list.queryOptions({ view: 'all', limit: 50 }))
  if (text.trim().length < 2) return null
  return (
    <Command.Group heading="Plans" className={groupClass}>
      {plans.data?.map((plan) => (
        <Command.Item
          key={plan.id}
          value={`plan ${plan.label} ${plan.title}`}
          onSelect={() => onGo(`/plans/${plan.id}`)}
          className={itemClass}
        >
          <span className="text-muted">{plan.label}</span>
          <span className="min-w-0 truncate">{plan.title}</span>
        </Command.Item>
      ))}
    </Command.Group>
  )
}
