import { ClockTime } from '@/ui/clock'
import { Disclosure } from '@/ui/disclosure'
import { Table, TableHead, Td, Th } from '@/ui/table'
import type { BlockOf } from './block-of'
import { printCell } from './table-block'
import { type ChartBox, linePath, valueRange, yOf } from './timeseries-path'

const BOX: ChartBox = { width: 380, height: 120, left: 4, right: 4, top: 6, bottom: 6 }
const DASHES = ['', '6 3', '2 2']
const colour = (index: number): string => `var(--series-${(index % 6) + 1})`

function lastKnown(values: readonly (number | null)[]): number | null {
  return values.findLast((value) => value !== null) ?? null
}

/** A still chart, as the values stood; the page behind Open has the live one. */
export function TimeseriesBlock({ block }: { block: BlockOf<'timeseries'> }) {
  const timesMs = block.times.map((time) => Date.parse(time))
  const span = { fromMs: Date.parse(block.from), toMs: Date.parse(block.to) }
  const range = valueRange(block.series, block.thresholds, block.unit)
  const caption = block.series.map((item) => `${item.name} ${printCell(lastKnown(item.values), block.unit)}`).join(', ')
  return (
    <figure className="m-0">
      <svg
        role="img"
        aria-label={`${block.title}. Last values: ${caption}.`}
        viewBox={`0 0 ${BOX.width} ${BOX.height}`}
        className="block h-auto w-full"
      >
        {block.thresholds.map((threshold) => {
          const y = yOf(threshold.value, range, BOX)
          return (
            <g key={threshold.label}>
              <line x1={BOX.left} x2={BOX.width - BOX.right} y1={y} y2={y} stroke="var(--warn)" strokeDasharray="4 3" />
              <text x={BOX.width - BOX.right} y={y - 3} textAnchor="end" fontSize="9" fill="var(--warn)">
                {threshold.label}
              </text>
            </g>
          )
        })}
        {block.series.map((item, index) => (
          <path
            key={item.name}
            d={linePath(item.values, timesMs, span, range, BOX)}
            fill="none"
            stroke={colour(index)}
            strokeDasharray={DASHES[Math.floor(index / 6)] ?? ''}
            strokeWidth="1.5"
            strokeLinejoin="round"
            strokeLinecap="round"
          />
        ))}
      </svg>
      <figcaption className="flex flex-wrap justify-between gap-x-3 text-xs text-muted">
        <span>
          <ClockTime value={block.from} /> to <ClockTime value={block.to} />
        </span>
        {block.series.map((item, index) => (
          <span key={item.name} className="inline-flex items-center gap-1">
            <span aria-hidden="true" className="inline-block h-0.5 w-3" style={{ background: colour(index) }} />
            {item.name} <span className="text-fg">{printCell(lastKnown(item.values), block.unit)}</span>
          </span>
        ))}
      </figcaption>
      <Disclosure summary="View as table" className="text-sm">
        <Table label={`${block.title}, values`}>
          <TableHead>
            <tr>
              <Th>Time</Th>
              {block.series.map((item) => (
                <Th key={item.name} numeric>
                  {item.name}
                </Th>
              ))}
            </tr>
          </TableHead>
          <tbody>
            {block.times.map((time, index) => (
              <tr key={time}>
                <Td>
                  <ClockTime value={time} seconds />
                </Td>
                {block.series.map((item) => (
                  <Td key={item.name} numeric>
                    {printCell(item.values[index], block.unit)}
                  </Td>
                ))}
              </tr>
            ))}
          </tbody>
        </Table>
      </Disclosure>
    </figure>
  )
}
