'use client'
import { useState, type KeyboardEvent } from 'react'
import { Button } from '../button'

/** Rows that are chosen to do something with them together. */
export type RowAction<Row> = {
  /** "node", "GPU": what a row is. */
  noun: string
  nameOf: (row: Row) => string
  /** What the button says, after the count: "Ask about". */
  label: string
  onAct: (rows: Row[]) => void
}

export type RowSelection = {
  has: (key: string) => boolean
  toggle: (key: string) => void
  clear: () => void
  keys: ReadonlySet<string>
}

export function useRowSelection(): RowSelection {
  const [keys, setKeys] = useState<ReadonlySet<string>>(new Set())
  return {
    keys,
    has: (key) => keys.has(key),
    toggle: (key) =>
      setKeys((current) => new Set(current.has(key) ? [...current].filter((k) => k !== key) : [...current, key])),
    clear: () => setKeys(new Set()),
  }
}

/** `x` selects the row that has the focus. */
export function selectByKey(event: KeyboardEvent<HTMLElement>, toggle: (key: string) => void): void {
  if (event.key !== 'x' || event.metaKey || event.ctrlKey || event.altKey || event.repeat) return
  const row = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>('[data-row-key]') : null
  const key = row?.dataset.rowKey
  if (!key) return
  event.preventDefault()
  toggle(key)
}

export function RowCheckbox({ name, checked, onToggle }: { name: string; checked: boolean; onToggle: () => void }) {
  return (
    <label className="mr-1 inline-grid size-6 shrink-0 place-items-center align-middle">
      <input type="checkbox" checked={checked} onChange={onToggle} aria-label={`Select ${name}`} className="size-4" />
    </label>
  )
}

/** What is selected and what can be done with it; announced, because it appears away from the row. */
export function SelectionBar<Row>({
  rows,
  action,
  onClear,
}: {
  rows: Row[]
  action: RowAction<Row>
  onClear: () => void
}) {
  const count = `${rows.length} ${action.noun}${rows.length === 1 ? '' : 's'}`
  return (
    <div className="flex flex-wrap items-center gap-2 empty:hidden">
      <span role="status" className="text-sm text-muted">
        {rows.length > 0 ? `${count} selected` : ''}
      </span>
      {rows.length > 0 ? (
        <>
          <Button size="sm" variant="primary" onClick={() => action.onAct(rows)}>
            {action.label} {count}
          </Button>
          <Button size="sm" variant="quiet" onClick={onClear}>
            Clear selection
          </Button>
        </>
      ) : null}
    </div>
  )
}
