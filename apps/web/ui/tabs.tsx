'use client'
import { Tabs as Primitive } from 'radix-ui'
import { useEffect, useRef, type ReactNode } from 'react'
import { cn } from './cn'

export type TabSpec = { value: string; label: ReactNode; content: ReactNode }

export function Tabs({
  tabs,
  value,
  onValueChange,
  label,
  className,
}: {
  tabs: TabSpec[]
  value: string
  onValueChange: (value: string) => void
  label: string
  className?: string
}) {
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    // On a phone the tab that an address names may stand beyond the edge.
    list.current?.querySelector('[data-state="active"]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [value])
  return (
    <Primitive.Root value={value} onValueChange={onValueChange} className={cn('min-w-0', className)}>
      <Primitive.List ref={list} aria-label={label} className="mb-3 flex gap-1 overflow-x-auto border-b border-line">
        {tabs.map((tab) => (
          <Primitive.Trigger
            key={tab.value}
            value={tab.value}
            className="min-h-9 border-b-2 border-transparent px-3 whitespace-nowrap text-muted hover:text-fg focus-visible:-outline-offset-2 data-[state=active]:border-info data-[state=active]:text-fg max-desk:min-h-11"
          >
            {tab.label}
          </Primitive.Trigger>
        ))}
      </Primitive.List>
      {tabs.map((tab) => (
        <Primitive.Content key={tab.value} value={tab.value} className="min-w-0">
          {tab.content}
        </Primitive.Content>
      ))}
    </Primitive.Root>
  )
}

/** The same choice without panels: a view switch whose content is elsewhere. */
export function SegmentedControl<T extends string>({
  value,
  onValueChange,
  options,
  label,
  className,
}: {
  value: T
  onValueChange: (value: T) => void
  options: { value: T; label: ReactNode }[]
  label: string
  className?: string
}) {
  return (
    <div
      role="group"
      aria-label={label}
      className={cn('inline-flex overflow-hidden rounded-md border border-control', className)}
    >
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === value}
          onClick={() => onValueChange(option.value)}
          className="min-h-[30px] border-l border-control px-3 text-sm first:border-l-0 focus-visible:-outline-offset-2 aria-pressed:bg-info-tint aria-pressed:font-semibold aria-pressed:text-info max-desk:min-h-11"
        >
          {option.label}
        </button>
      ))}
    </div>
  )
}
