'use client'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useTRPC } from '@/trpc/client'
import { RelativeTime } from '@/ui/clock'
import { formatCount, formatCounter, UNKNOWN } from '@/ui/format'
import { Table, TableHead, Td, Th } from '@/ui/table'
import type { SeriesWindow } from './time-range'

const NAMES: Record<string, string> = {
  'ecc-corrected': 'ECC corrected',
  'ecc-uncorrected': 'ECC uncorrected',
  'remapped-correctable': 'Rows remapped, correctable',
  'remapped-uncorrectable': 'Rows remapped, uncorrectable',
  'remap-pending': 'Row remap pending',
  'remap-failure': 'Row remap failed',
  'pcie-replay': 'PCIe replays',
}

/** Each counter now and at the start of the window: "47, was 12". A counter that restarted says so. */
export function CounterTable({ gpuId, asked }: { gpuId: string; asked: SeriesWindow }) {
  const trpc = useTRPC()
  const { data } = useQuery(
    trpc.telemetry.counters.queryOptions(
      { gpuId, window: { fromMs: asked.fromMs, toMs: asked.toMs } },
      { placeholderData: keepPreviousData, staleTime: Number.POSITIVE_INFINITY, gcTime: 30_000 },
    ),
  )
  if (!data || data.summaries.length === 0) return null
  return (
    <div className="panel">
      <Table label="Counters">
        <TableHead>
          <tr>
            <Th>Counter</Th>
            <Th numeric>Now</Th>
            <Th numeric>At the start</Th>
            <Th numeric>Grew by</Th>
            <Th numeric>Last change</Th>
          </tr>
        </TableHead>
        <tbody>
          {data.summaries.map((one) => (
            <tr key={`${one.kind}${one.location}${one.scope}`}>
              <Td>
                {NAMES[one.kind] ?? one.kind}
                <span className="text-muted">
                  {one.location === 'total' ? '' : `, ${one.location}`}
                  {one.scope === 'volatile' ? ' since boot' : ''}
                  {one.resets > 0 ? `, restarted ${one.resets}×` : ''}
                </span>
              </Td>
              <Td numeric>{formatCount(one.now)}</Td>
              <Td numeric>{formatCount(one.before)}</Td>
              <Td numeric>{formatCounter(one.growth, { signed: true })}</Td>
              <Td numeric>{one.lastChangeAtMs === null ? UNKNOWN : <RelativeTime value={one.lastChangeAtMs} />}</Td>
            </tr>
          ))}
        </tbody>
      </Table>
    </div>
  )
}
