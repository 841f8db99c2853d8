import Table from 'cli-table3'
import { oneLine } from './terminal'

export interface Column<T> {
  title: string
  value: (row: T) => string | number | null
  align?: 'right'
}

const MIN_CELL = 6
const GAP = 2

/** Columns that fit the terminal, the widest cut first; into a pipe: one line a row, cells between tabs, nothing cut. */
export function table<T>(rows: readonly T[], columns: readonly Column<T>[], width: number | null): string {
  const cells = rows.map((row) => columns.map((column) => cellText(column.value(row))))
  const titles = columns.map((column) => column.title)
  if (width === null) return [titles, ...cells].map((line) => `${line.join('\t')}\n`).join('')
  const widths = fit(
    titles.map((title, i) => Math.max(title.length, ...cells.map((line) => line[i]?.length ?? 0))),
    width,
  )
  const made = new Table({
    head: titles,
    colWidths: widths.map((w) => w + GAP),
    colAligns: columns.map((column) => column.align ?? 'left'),
    chars: NO_LINES,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': GAP },
  })
  made.push(...cells)
  return `${made
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')}\n`
}

const cellText = (value: string | number | null): string => (value === null ? '–' : oneLine(String(value)))

/** Takes from the widest column, again and again, until the table fits. */
function fit(wanted: number[], width: number): number[] {
  const widths = [...wanted]
  const total = () => widths.reduce((sum, w) => sum + w + GAP, 0)
  while (total() > width) {
    const widest = widths.indexOf(Math.max(...widths))
    if ((widths[widest] ?? 0) <= MIN_CELL) break
    widths[widest] = (widths[widest] ?? 0) - 1
  }
  return widths
}

const NO_LINES = Object.fromEntries(
  'top top-mid top-left top-right bottom bottom-mid bottom-left bottom-right left left-mid mid mid-mid right right-mid middle'
    .split(' ')
    .map((place) => [place, '']),
)
