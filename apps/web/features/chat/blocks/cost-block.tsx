import { formatMoney, UNKNOWN } from '@/ui/format'
import { Table, TableHead, Td, Th } from '@/ui/table'
import { BlockLink } from './block-link'
import type { BlockOf } from './block-of'

const BASIS = {
  measured: 'from measured GPU hours',
  'list-price': 'at list prices',
  estimate: 'an estimate',
} as const

const hours = (value: number | null): string =>
  value === null ? UNKNOWN : value.toLocaleString('en', { maximumFractionDigits: value < 10 ? 2 : 1 })

export function costText(block: BlockOf<'cost'>): string {
  const rows = block.rows.map((row) => [row.label, hours(row.gpuHours), formatMoney(row.microUsd)].join('\t'))
  return [
    ['What', 'GPU hours', 'Cost'].join('\t'),
    ...rows,
    ['Total', '', formatMoney(block.totalMicroUsd)].join('\t'),
  ].join('\n')
}

/** Every amount with the arithmetic it came from; what is not known says so and is in no total. */
export function CostBlock({ block }: { block: BlockOf<'cost'> }) {
  return (
    <>
      <p className="mb-1 text-xs text-muted">
        {block.period}, {BASIS[block.basis]}
      </p>
      <Table label={block.title}>
        <TableHead>
          <tr>
            <Th>What</Th>
            <Th numeric>GPU hours</Th>
            <Th numeric>Cost</Th>
          </tr>
        </TableHead>
        <tbody>
          {block.rows.map((row, index) => (
            <tr key={index}>
              <Td>
                <BlockLink href={row.href}>{row.label}</BlockLink>
                {row.arithmetic ? <span className="block text-xs text-muted">{row.arithmetic}</span> : null}
              </Td>
              <Td numeric>{hours(row.gpuHours)}</Td>
              <Td numeric>{formatMoney(row.microUsd)}</Td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <Th scope="row" colSpan={2}>
              Total
            </Th>
            <Td numeric className="font-semibold">
              {formatMoney(block.totalMicroUsd)}
            </Td>
          </tr>
        </tfoot>
      </Table>
      {block.notes.map((note) => (
        <p key={note} className="mt-1 text-xs text-muted">
          {note}
        </p>
      ))}
    </>
  )
}
