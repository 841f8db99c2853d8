'use client'
import { Button } from '../button'
import { ClockTime } from '../clock'
import { Table, TableHead, Td, Th } from '../table'
import type { ChartRow, ChartSeries } from './chart-data'
import type { ChartAxis } from './x-axis'

type ChartTableProps = {
  title: string
  series: readonly ChartSeries[]
  rows: readonly ChartRow[]
  format: (value: number | null) => string
  height: number
  axis: ChartAxis
  csv: () => string
}

/** The same values in rows, newest first, and as a file. */
export function ChartTable({ title, series, rows, format, height, axis, csv }: ChartTableProps) {
  const download = () => {
    const url = URL.createObjectURL(new Blob([csv()], { type: 'text/csv' }))
    const link = document.createElement('a')
    link.href = url
    link.download = `${title.toLowerCase().replace(/[^a-z0-9]+/g, '-')}.csv`
    link.click()
    URL.revokeObjectURL(url)
  }
  return (
    <div className="grid gap-1">
      <div className="overflow-y-auto" style={{ maxHeight: height }}>
        <Table label={`${title}, values`}>
          <TableHead>
            <tr>
              <Th>{axis === 'time' ? 'Time' : 'Step'}</Th>
              {series.map((line) => (
                <Th key={line.key} numeric>
                  {line.name}
                </Th>
              ))}
            </tr>
          </TableHead>
          <tbody>
            {rows.toReversed().map((row) => (
              <tr key={row.atMs}>
                <Td>
                  {axis === 'time' ? <ClockTime value={row.atMs} seconds /> : Math.round(row.atMs).toLocaleString('en')}
                </Td>
                {series.map((line, index) => (
                  <Td key={line.key} numeric>
                    {format(row.values[index] ?? null)}
                  </Td>
                ))}
              </tr>
            ))}
          </tbody>
        </Table>
      </div>
      <div>
        <Button size="sm" variant="quiet" onClick={download}>
          Download CSV
        </Button>
      </div>
    </div>
  )
}

/** Empty fields are missing values. Names that a spreadsheet would run as a formula are made inert. */
export function csvOf(series: readonly ChartSeries[], rows: readonly ChartRow[], axis: ChartAxis): string {
  const field = (text: string) => {
    const inert = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
    return /[",\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert
  }
  const head = [axis, ...series.map((line) => field(line.name))].join(',')
  const body = rows.map((row) =>
    [
      axis === 'time' ? new Date(row.atMs).toISOString() : row.atMs,
      ...series.map((_, index) => row.values[index] ?? ''),
    ].join(','),
  )
  return [head, ...body].join('\n')
}
