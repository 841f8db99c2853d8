'use client'
import { X } from 'lucide-react'
import { useDeferredValue, useEffect, useState } from 'react'
import { Button } from '@/ui/button'
import { cn } from '@/ui/cn'
import { inputClass } from '@/ui/field'
import { type Facet, hasToken, toggleToken } from './fleet-filter'

type FilterBarProps = {
  value: string
  onChange: (value: string) => void
  facets: readonly Facet[]
  placeholder: string
  label: string
}

const SHOWN_FACETS = 8

/** Typed filters and the ones that one press gives. Typing stays smooth: the list follows as fast as it can. */
export function FilterBar({ value, onChange, facets, placeholder, label }: FilterBarProps) {
  const [text, setText] = useState(value)
  const deferred = useDeferredValue(text)
  useEffect(() => setText(value), [value])
  useEffect(() => {
    if (deferred !== value) onChange(deferred)
    // Only what was typed is told; what comes from outside has been taken over above.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [deferred])
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1.5">
      <div className="relative w-80 max-desk:w-full">
        <input
          data-filter
          type="search"
          value={text}
          onChange={(event) => setText(event.target.value)}
          placeholder={placeholder}
          aria-label={label}
          aria-keyshortcuts="/"
          spellCheck={false}
          className={cn(inputClass, 'min-h-8 py-1 pr-8 [&::-webkit-search-cancel-button]:hidden')}
        />
        {text === '' ? null : (
          <Button
            variant="quiet"
            size="icon-sm"
            className="absolute top-1/2 right-0.5 -translate-y-1/2"
            aria-label="Clear filter"
            onClick={() => {
              setText('')
              onChange('')
            }}
          >
            <X aria-hidden="true" className="size-4" />
          </Button>
        )}
      </div>
      <div className="flex min-w-0 gap-x-2 gap-y-1.5 max-desk:-mx-3 max-desk:overflow-x-auto max-desk:px-3 max-desk:py-0.5 desk:flex-1 desk:flex-wrap">
        {facets.slice(0, SHOWN_FACETS).map((facet) => (
          <button
            key={facet.token}
            type="button"
            aria-pressed={hasToken(value, facet.token)}
            onClick={() => onChange(toggleToken(value, facet.token))}
            className="min-h-7 shrink-0 rounded-full border border-control px-2 text-sm aria-pressed:border-info aria-pressed:bg-info-tint aria-pressed:text-info max-desk:min-h-11 max-desk:px-3"
          >
            {facet.label} <span className="text-muted">{facet.count}</span>
          </button>
        ))}
      </div>
    </div>
  )
}
