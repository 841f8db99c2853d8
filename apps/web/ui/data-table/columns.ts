import type { ReactNode } from 'react'

export type CellValue = string | number | null

export type Column<Row> = {
  key: string
  label: string
  /** Numbers stand at the right and dim when the connection is stale. */
  numeric?: boolean
  /** What sorts and what goes into the CSV; null is not known and sorts last in both directions. */
  value: (row: Row) => CellValue
  render?: (row: Row) => ReactNode
  /** Not shown unless chosen. */
  optional?: boolean
  className?: string
}

export type Sort = { key: string; descending: boolean }

/** "-util" ↔ { key: 'util', descending: true }, as it stands in the address. */
export function parseSort(text: string | null, fallback: Sort): Sort {
  if (!text) return fallback
  return text.startsWith('-') ? { key: text.slice(1), descending: true } : { key: text, descending: false }
}
export const printSort = (sort: Sort): string => `${sort.descending ? '-' : ''}${sort.key}`

/** Stable; names with numbers in human order; the unknown last whichever way. */
export function sortRows<Row>(rows: readonly Row[], columns: readonly Column<Row>[], sort: Sort): Row[] {
  const column = columns.find((candidate) => candidate.key === sort.key)
  if (!column) return [...rows]
  const direction = sort.descending ? -1 : 1
  return rows
    .map((row) => ({ row, value: column.value(row) }))
    .sort((a, b) => {
      if (a.value === null || b.value === null) return Number(a.value === null) - Number(b.value === null)
      return direction * compare(a.value, b.value)
    })
    .map(({ row }) => row)
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })
function compare(a: string | number, b: string | number): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : collator.compare(String(a), String(b))
}

/** Text that a spreadsheet would run as a formula is made inert; unknown is empty. */
export function toCsv<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
  const field = (value: CellValue): string => {
    if (value === null) return ''
    const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value)
    return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  }
  return [
    columns.map((column) => field(column.label)).join(','),
    ...rows.map((row) => columns.map((column) => field(column.value(row))).join(',')),
  ].join('\n')
}
