'use client'
import type { PlanListItem } from '@clawbernetes/protocol/views/plan'
import { Button } from '@/ui/button'
import { cn } from '@/ui/cn'
import { inputClass } from '@/ui/field'
import { type FilterChoice, filterChoices, INBOX_SORTS, type InboxSort } from './inbox-filter'
import type { useInboxFilter } from './use-inbox-filter'

const SORT_WORDS: Record<InboxSort, string> = { expiry: 'Expires first', newest: 'Newest first' }

type ChooseProps = {
  label: string
  any: string
  value: string
  choices: readonly FilterChoice[]
  onChange: (value: string) => void
  isFirst?: boolean
}

function Choose({ label, any, value, choices, onChange, isFirst = false }: ChooseProps) {
  return (
    <select
      aria-label={label}
      data-filter={isFirst ? '' : undefined}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      className={cn(inputClass, 'w-auto max-w-44 min-w-0 pr-7 max-desk:w-full max-desk:max-w-full')}
    >
      <option value="">{any}</option>
      {choices.map((choice) => (
        <option key={choice.value} value={choice.value}>
          {choice.label}
        </option>
      ))}
    </select>
  )
}

/** Narrows the list by risk, by what would be done and by who asked; `isSortable`: what waits can be sorted. */
export function InboxFilterBar({
  items,
  state,
  isSortable,
}: {
  items: readonly PlanListItem[]
  state: ReturnType<typeof useInboxFilter>
  isSortable: boolean
}) {
  const { filter, set } = state
  const choices = filterChoices(items, filter)
  return (
    <div
      role="group"
      aria-label="Filter"
      className="flex min-w-0 flex-wrap items-center gap-2 border-b border-line px-4 py-2 max-desk:grid max-desk:grid-cols-2 max-desk:px-3"
    >
      <Choose
        isFirst
        label="Risk"
        any="Any risk"
        value={filter.risk}
        choices={choices.risk}
        onChange={(risk) => set({ risk })}
      />
      <Choose
        label="Type"
        any="Any type"
        value={filter.type}
        choices={choices.type}
        onChange={(type) => set({ type })}
      />
      <Choose
        label="Requested by"
        any="Anybody"
        value={filter.by}
        choices={choices.by}
        onChange={(by) => set({ by })}
      />
      {isSortable ? (
        <select
          aria-label="Sort"
          value={state.sort}
          onChange={(event) => set({ sort: INBOX_SORTS.find((known) => known === event.target.value) })}
          className={cn(inputClass, 'w-auto min-w-0 pr-7 max-desk:w-full')}
        >
          {INBOX_SORTS.map((sort) => (
            <option key={sort} value={sort}>
              {SORT_WORDS[sort]}
            </option>
          ))}
        </select>
      ) : null}
      {state.filtered ? <Button onClick={state.clear}>Clear filters</Button> : null}
    </div>
  )
}
