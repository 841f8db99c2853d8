import { UNKNOWN } from '@/ui/format'
import { internalHref } from '@/ui/internal-href'
import { RowLink } from '@/ui/row-link'
import { TONE_SHAPE, TONE_TEXT, type Tone } from '@/ui/status-pill'
import { Table, TableHead, Td, Th } from '@/ui/table'
import type { BlockOf } from './block-of'

const TONES: Record<'ok' | 'warn' | 'critical' | 'muted', Tone> = {
  ok: 'ok',
  warn: 'warn',
  critical: 'crit',
  muted: 'pend',
}

type Cell = string | number | null | undefined

export function printCell(cell: Cell, unit: string | null): string {
  if (cell === null || cell === undefined || cell === '') return UNKNOWN
  const text = typeof cell === 'number' ? cell.toLocaleString('en', { maximumFractionDigits: 2 }) : cell
  return unit ? `${text}\u202f${unit}` : text
}

/** The table as tab-separated text, as a spreadsheet takes it. */
export function tableText(block: BlockOf<'table'>): string {
  const head = block.columns.map((column) => column.label).join('\t')
  const rows = block.rows.map((row) =>
    block.columns.map((column) => printCell(row.cells[column.key], column.unit)).join('\t'),
  )
  return [head, ...rows].join('\n')
}

export function TableBlock({ block }: { block: BlockOf<'table'> }) {
  if (block.rows.length === 0) return <p className="text-muted">Nothing matches.</p>
  return (
    <>
      <Table label={block.title}>
        <TableHead>
          <tr>
            {block.columns.map((column) => (
              <Th key={column.key} numeric={column.align === 'right'}>
                {column.label}
              </Th>
            ))}
          </tr>
        </TableHead>
        <tbody>
          {block.rows.map((row, index) => (
            <tr key={index}>
              {block.columns.map((column, at) => (
                <Td key={column.key} numeric={column.align === 'right'} className="whitespace-nowrap">
                  {at === 0 && row.tone ? (
                    <span aria-hidden="true" className={`mr-1.5 ${TONE_TEXT[TONES[row.tone]]}`}>
                      {TONE_SHAPE[TONES[row.tone]]}
                    </span>
                  ) : null}
                  {at === 0 && internalHref(row.href) ? (
                    <RowLink className="link" href={internalHref(row.href) ?? '/'}>
                      {printCell(row.cells[column.key], column.unit)}
                    </RowLink>
                  ) : (
                    printCell(row.cells[column.key], column.unit)
                  )}
                </Td>
              ))}
            </tr>
          ))}
        </tbody>
      </Table>
      {block.more > 0 ? <p className="mt-1 text-sm text-muted">{block.more} more not shown.</p> : null}
    </>
  )
}
