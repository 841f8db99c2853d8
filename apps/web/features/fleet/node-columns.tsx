import type { NodeListItem } from '@clawbernetes/protocol/views/node'
import { RelativeTime } from '@/ui/clock'
import type { Column } from '@/ui/data-table/columns'
import {
  formatCounter,
  formatMemoryOf,
  formatPercent,
  formatPower,
  formatTemperature,
  type TemperatureUnit,
} from '@/ui/format'
import { RowLink } from '@/ui/row-link'
import { StatusText } from '@/ui/status-pill'
import { DemoMark } from './demo-mark'
import type { NodeLive } from './node-live'
import { presentNode } from './node-state'

/** A node with what the newest frame says of it; values of a silent node are unknown, whatever was last known. */
export type NodeRow = NodeListItem & { live: NodeLive | null }

export const toNodeRow = (node: NodeListItem, live: NodeLive | undefined): NodeRow => ({ ...node, live: live ?? null })

/** The frame has the last word, also when it says nothing; until it is there, what the list knows and is fresh. */
const utilOf = (row: NodeRow) => (row.live ? row.live.utilPct : row.sample.stale ? null : row.utilPct)
const tempOf = (row: NodeRow) => (row.live ? row.live.maxTempC : row.sample.stale ? null : row.maxTempC)
const fresh = (row: NodeRow, value: number | null) => (row.sample.stale ? null : value)

export function nodeColumns(unit: TemperatureUnit): Column<NodeRow>[] {
  return [...identity, ...readings(unit), ...rest]
}

const identity: Column<NodeRow>[] = [
  {
    key: 'name',
    label: 'Node',
    value: (row) => row.name,
    render: (row) => (
      <span className="inline-flex items-center gap-2">
        <RowLink href={`/nodes/${row.id}`} data-row-link className="link whitespace-nowrap">
          {row.name}
        </RowLink>
        <DemoMark demo={row.demo} />
      </span>
    ),
  },
  {
    key: 'status',
    label: 'Status',
    value: (row) => presentNode(row).word,
    render: (row) => {
      const state = presentNode(row)
      return (
        <StatusText tone={state.tone} title={row.statusReason ?? undefined}>
          {state.word}
          {row.cordon ? ' · cordoned' : ''}
        </StatusText>
      )
    },
  },
  {
    key: 'model',
    label: 'GPUs',
    value: (row) => row.gpuModels.map(({ model, count }) => `${count}× ${model}`).join(', '),
    className: 'whitespace-nowrap',
  },
]

const readings = (unit: TemperatureUnit): Column<NodeRow>[] => [
  {
    key: 'allocated',
    label: 'Allocated',
    numeric: true,
    value: (row) => row.gpusAllocated,
    render: (row) => `${row.gpusAllocated} / ${row.gpusTotal}`,
  },
  { key: 'free', label: 'Free', numeric: true, value: (row) => row.gpusFree, optional: true },
  { key: 'util', label: 'Util', numeric: true, value: utilOf, render: (row) => formatPercent(utilOf(row)) },
  {
    key: 'memory',
    label: 'GPU memory',
    numeric: true,
    value: (row) => fresh(row, row.gpuMemUsedMib),
    render: (row) => formatMemoryOf(fresh(row, row.gpuMemUsedMib), row.gpuMemTotalMib),
  },
  {
    key: 'temp',
    label: 'Max temp',
    numeric: true,
    value: tempOf,
    render: (row) => formatTemperature(tempOf(row), unit),
  },
  {
    key: 'power',
    label: 'Power',
    numeric: true,
    value: (row) => fresh(row, row.powerW),
    render: (row) => formatPower(fresh(row, row.powerW)),
  },
  {
    key: 'ecc',
    label: 'ECC 24 h',
    numeric: true,
    value: (row) => eccOf(row),
    render: (row) => formatCounter(eccOf(row), { signed: true, collected: row.eccCorrected24h !== null }),
  },
]

const rest: Column<NodeRow>[] = [
  {
    key: 'workloads',
    label: 'Workloads',
    value: (row) => row.workloads.map((workload) => workload.name).join(', '),
    render: (row) => (
      <span className="block max-w-56 truncate">{row.workloads.map((w) => w.name).join(', ') || 'none'}</span>
    ),
  },
  {
    key: 'labels',
    label: 'Labels',
    optional: true,
    value: (row) =>
      Object.entries(row.labels)
        .map(([name, value]) => `${name}=${value}`)
        .join(' '),
  },
  { key: 'agent', label: 'Agent', value: (row) => row.agentVersion, optional: true },
  {
    key: 'seen',
    label: 'Last seen',
    numeric: true,
    value: (row) => row.lastSeenAtMs,
    render: (row) => (row.lastSeenAtMs === null ? 'never' : <RelativeTime value={row.lastSeenAtMs} />),
  },
]

/** Growth of both kinds together; null: neither is collected. */
function eccOf(row: NodeRow): number | null {
  if (row.eccCorrected24h === null && row.eccUncorrected24h === null) return null
  return (row.eccCorrected24h ?? 0) + (row.eccUncorrected24h ?? 0)
}

/** The same row on a phone. */
export function NodeRowCard({ row, unit }: { row: NodeRow; unit: TemperatureUnit }) {
  const state = presentNode(row)
  return (
    <RowLink
      href={`/nodes/${row.id}`}
      className="grid min-h-16 grid-cols-[minmax(0,1fr)] gap-0.5 px-3 py-2 no-underline"
    >
      <span className="flex flex-wrap items-center gap-x-2">
        <span className="font-semibold">{row.name}</span>
        <DemoMark demo={row.demo} />
        <StatusText tone={state.tone} className="ml-auto">
          {state.word}
        </StatusText>
      </span>
      <span className="live-value text-sm text-muted">
        {row.gpusAllocated} / {row.gpusTotal} GPUs · {formatPercent(utilOf(row))} ·{' '}
        {formatTemperature(tempOf(row), unit)}
        {row.cordon ? ' · cordoned' : ''}
      </span>
    </RowLink>
  )
}
