'use client'
import { useVirtualizer } from '@tanstack/react-virtual'
import { Columns3, Download } from 'lucide-react'
import { useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { Button } from '../button'
import { cn } from '../cn'
import { Menu, MenuCheckItem } from '../menu'
import { Td, Th } from '../table'
import { useMediaQuery } from '../use-media-query'
import { type Column, type Sort, sortRows, toCsv } from './columns'
import {
  type RowAction,
  RowCheckbox,
  type RowSelection,
  selectByKey,
  SelectionBar,
  useRowSelection,
} from './row-selection'

type DataTableProps<Row> = {
  label: string
  rows: readonly Row[]
  columns: readonly Column<Row>[]
  rowKey: (row: Row) => string
  sort: Sort
  onSort: (sort: Sort) => void
  /** A row on a phone, in two lines. */
  renderCard: (row: Row) => ReactNode
  rowClassName?: (row: Row) => string | undefined
  /** File name of the CSV. */
  fileName: string
  toolbar?: ReactNode
  /** What can be done with several rows at once. */
  action?: RowAction<Row>
}

/** From here on only the rows in view are in the page. */
const VIRTUAL_FROM = 80
const ROW_PX = 33
const CARD_PX = 76

export function DataTable<Row>(props: DataTableProps<Row>) {
  const { columns, rows, sort, label } = props
  const [hidden, setHidden] = useState<ReadonlySet<string>>(
    () => new Set(columns.filter((column) => column.optional).map((column) => column.key)),
  )
  const phone = useMediaQuery('(max-width: 820px)')
  const shown = columns.filter((column) => !hidden.has(column.key))
  const sorted = sortRows(rows, columns, sort)
  const selection = useRowSelection()
  const selected = sorted.filter((row) => selection.has(props.rowKey(row)))
  const toggle = (key: string, visible: boolean) =>
    setHidden((current) => new Set(visible ? [...current].filter((other) => other !== key) : [...current, key]))
  return (
    <div className="min-w-0">
      <div className="flex flex-wrap items-center gap-2 border-b border-line px-3 py-1.5">
        {props.toolbar}
        {props.action ? <SelectionBar rows={selected} action={props.action} onClear={selection.clear} /> : null}
        <div className="ml-auto flex gap-1">
          {phone ? null : (
            <Menu
              align="end"
              label="Columns"
              trigger={
                <Button variant="quiet" size="sm">
                  <Columns3 aria-hidden="true" className="size-3.5" />
                  Columns
                </Button>
              }
            >
              {columns.slice(1).map((column) => (
                <MenuCheckItem
                  key={column.key}
                  checked={!hidden.has(column.key)}
                  onCheckedChange={(visible) => toggle(column.key, visible)}
                >
                  {column.label}
                </MenuCheckItem>
              ))}
            </Menu>
          )}
          <Button variant="quiet" size="sm" onClick={() => download(props.fileName, toCsv(sorted, columns))}>
            <Download aria-hidden="true" className="size-3.5" />
            CSV
          </Button>
        </div>
      </div>
      {phone ? (
        <Cards rows={sorted} rowKey={props.rowKey} renderCard={props.renderCard} label={label} />
      ) : (
        <Grid {...props} rows={sorted} columns={shown} selection={selection} />
      )}
    </div>
  )
}

function download(fileName: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv' }))
  const link = document.createElement('a')
  link.href = url
  link.download = fileName
  link.click()
  URL.revokeObjectURL(url)
}

/** j, k and the arrows go from row to row; Enter follows the row's link. */
function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const step =
    event.key === 'j' || event.key === 'ArrowDown' ? 1 : event.key === 'k' || event.key === 'ArrowUp' ? -1 : 0
  if (step === 0 || event.ctrlKey || event.metaKey || event.altKey) return
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-row-link]')]
  const at = links.findIndex((link) => link === document.activeElement)
  const next = links[at + step]
  if (!next) return
  event.preventDefault()
  next.focus()
}

type GridProps<Row> = DataTableProps<Row> & { columns: readonly Column<Row>[]; selection: RowSelection }

function Grid<Row>(props: GridProps<Row>) {
  'use no memo'
  const { label, rows, columns, rowKey, sort, onSort, action, selection } = props
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = rows.length >= VIRTUAL_FROM
  const virtualizer = useVirtualizer({
    count: rows.length,
    enabled: virtual,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 12,
  })
  const items = virtual ? virtualizer.getVirtualItems() : rows.map((_, index) => ({ index, start: 0, end: 0 }))
  const before = virtual ? (items[0]?.start ?? 0) : 0
  const after = virtual ? virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0) : 0
  return (
    <div
      ref={scroller}
      role="group"
      aria-label={`${label}, scrollable`}
      tabIndex={0}
      onKeyDown={(event) => {
        moveFocus(event)
        if (action) selectByKey(event, selection.toggle)
      }}
      className={cn(
        'relative overflow-auto rounded-b-[9px] focus-visible:-outline-offset-2',
        virtual && 'max-h-[calc(100dvh-220px)] min-h-80',
      )}
    >
      <table
        aria-label={label}
        aria-rowcount={rows.length + 1}
        className="w-full border-separate border-spacing-0 text-sm [&_tr:last-child>td]:border-b-0"
      >
        <thead>
          <tr aria-rowindex={1}>
            {columns.map((column, index) => (
              <SortableTh key={column.key} column={column} first={index === 0} sort={sort} onSort={onSort} />
            ))}
          </tr>
        </thead>
        {before > 0 ? <Spacer height={before} /> : null}
        <tbody>
          {items.map(({ index }) => {
            const row = rows[index]
            if (row === undefined) return null
            return (
              <GridRow
                key={rowKey(row)}
                row={row}
                index={index}
                measure={virtual ? virtualizer.measureElement : undefined}
                {...props}
              />
            )
          })}
        </tbody>
        {after > 0 ? <Spacer height={after} /> : null}
      </table>
    </div>
  )
}

type GridRowProps<Row> = GridProps<Row> & {
  row: Row
  index: number
  measure: ((element: HTMLElement | null) => void) | undefined
}

function GridRow<Row>({ row, index, measure, rowKey, rowClassName, columns, action, selection }: GridRowProps<Row>) {
  return (
    <tr
      aria-rowindex={index + 2}
      data-index={index}
      data-row-key={rowKey(row)}
      ref={measure}
      className={cn('group hover:bg-surface', rowClassName?.(row))}
    >
      {columns.map((column, at) => (
        <Td
          key={column.key}
          numeric={column.numeric}
          className={cn(at === 0 && 'sticky left-0 z-[1] bg-raised group-hover:bg-surface', column.className)}
        >
          {at === 0 && action ? (
            <span className="flex items-center">
              <RowCheckbox
                name={action.nameOf(row)}
                checked={selection.has(rowKey(row))}
                onToggle={() => selection.toggle(rowKey(row))}
              />
              <span className="min-w-0 whitespace-nowrap">{cellOf(column, row)}</span>
            </span>
          ) : (
            cellOf(column, row)
          )}
        </Td>
      ))}
    </tr>
  )
}

const cellOf = <Row,>(column: Column<Row>, row: Row): ReactNode =>
  column.render ? column.render(row) : (column.value(row) ?? '—')

/** Stands for the rows out of view; a row group of its own, so that it is no row to anybody. */
const Spacer = ({ height }: { height: number }) => <tbody aria-hidden="true" style={{ display: 'block', height }} />

type SortableThProps<Row> = { column: Column<Row>; first: boolean; sort: Sort; onSort: (sort: Sort) => void }

function SortableTh<Row>({ column, first, sort, onSort }: SortableThProps<Row>) {
  const sorted = sort.key === column.key
  return (
    <Th
      numeric={column.numeric}
      aria-sort={sorted ? (sort.descending ? 'descending' : 'ascending') : undefined}
      className={cn('sticky top-0 z-[2] bg-raised', first && 'left-0 z-[3]')}
    >
      <button
        type="button"
        className={cn('inline-flex min-h-6 items-center gap-1 font-semibold', column.numeric && 'flex-row-reverse')}
        onClick={() => onSort({ key: column.key, descending: sorted ? !sort.descending : Boolean(column.numeric) })}
      >
        {column.label}
        <span aria-hidden="true" className={cn('text-[10px]', !sorted && 'invisible')}>
          {sort.descending ? '▼' : '▲'}
        </span>
      </button>
    </Th>
  )
}

type CardsProps<Row> = {
  rows: readonly Row[]
  rowKey: (row: Row) => string
  renderCard: (row: Row) => ReactNode
  label: string
}

function Cards<Row>({ rows, rowKey, renderCard, label }: CardsProps<Row>) {
  'use no memo'
  const scroller = useRef<HTMLUListElement>(null)
  const virtual = rows.length >= VIRTUAL_FROM
  const virtualizer = useVirtualizer({
    count: rows.length,
    enabled: virtual,
    getScrollElement: () => scroller.current,
    estimateSize: () => CARD_PX,
    overscan: 8,
  })
  const items = virtual ? virtualizer.getVirtualItems() : rows.map((_, index) => ({ index, start: 0, end: 0 }))
  return (
    <ul
      ref={scroller}
      aria-label={label}
      tabIndex={virtual ? 0 : undefined}
      className={cn('m-0 list-none divide-y divide-line overflow-y-auto p-0', virtual && 'max-h-[70dvh]')}
    >
      {virtual && (items[0]?.start ?? 0) > 0 ? <li aria-hidden="true" style={{ height: items[0]?.start }} /> : null}
      {items.map(({ index }) => {
        const row = rows[index]
        return row === undefined ? null : (
          <li key={rowKey(row)} data-index={index} ref={virtual ? virtualizer.measureElement : undefined}>
            {renderCard(row)}
          </li>
        )
      })}
      {virtual ? (
        <li aria-hidden="true" style={{ height: virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0) }} />
      ) : null}
    </ul>
  )
}
