import type { WorkloadListItem } from '@clawbernetes/protocol/views/workload'
import { presentWorkloadStatus } from '@/features/chat/blocks/workload-status'
import { DemoMark } from '@/features/fleet/demo-mark'
import { RelativeTime } from '@/ui/clock'
import type { Column } from '@/ui/data-table/columns'
import { formatMoney, formatPercent } from '@/ui/format'
import { RowLink } from '@/ui/row-link'
import { StatusText } from '@/ui/status-pill'
import { gpuText, isLive } from './workload-filter'

export function WorkloadStatus({ workload }: { workload: WorkloadListItem }) {
  const state = presentWorkloadStatus(workload.status)
  const running = workload.status === 'running' || workload.status === 'degraded'
  return (
    <StatusText tone={state.tone} shape={state.shape}>
      {state.word}
      {running ? ` ${workload.replicasRunning}/${workload.replicasWanted}` : ''}
      {workload.status === 'pending' ? (
        <>
          {' '}
          since <RelativeTime value={workload.createdAt} />
        </>
      ) : null}
    </StatusText>
  )
}

/** What it costs per hour now; a workload that holds nothing costs nothing, an unknown price is not zero. */
export function costText(workload: WorkloadListItem): string {
  if (workload.gpus.count === 0) return 'none'
  return formatMoney(workload.costPerHourMicroUsd)
}

const NODES_SHOWN = 2
function nodesText(workload: WorkloadListItem): string {
  const names = workload.nodes.map((node) => node.name)
  if (names.length === 0) return '—'
  return names.length <= NODES_SHOWN ? names.join(', ') : `${names[0]} and ${names.length - 1} more`
}

export const workloadColumns: Column<WorkloadListItem>[] = [
  {
    key: 'name',
    label: 'Name',
    value: (row) => row.name,
    render: (row) => (
      <span className="inline-flex items-center gap-2">
        <RowLink href={`/workloads/${row.id}`} data-row-link className="link whitespace-nowrap">
          {row.name}
        </RowLink>
        <DemoMark demo={row.demo} />
      </span>
    ),
  },
  { key: 'kind', label: 'Kind', value: (row) => row.kind },
  {
    key: 'status',
    label: 'Status',
    value: (row) => presentWorkloadStatus(row.status).word,
    render: (row) => (
      <div className="min-w-0">
        <WorkloadStatus workload={row} />
        {row.statusReason && row.status !== 'running' ? (
          <p className="line-clamp-2 max-w-72 text-xs text-muted" title={row.statusReason}>
            {row.statusReason}
          </p>
        ) : null}
      </div>
    ),
  },
  { key: 'gpus', label: 'GPUs', value: (row) => row.gpus.count, render: gpuText, className: 'whitespace-nowrap' },
  {
    key: 'nodes',
    label: 'Node',
    value: nodesText,
    render: (row) => (
      <span className="whitespace-nowrap" title={row.nodes.map((node) => node.name).join(', ')}>
        {nodesText(row)}
      </span>
    ),
  },
  {
    key: 'util',
    label: 'Util',
    numeric: true,
    value: (row) => row.utilPct,
    render: (row) => formatPercent(row.utilPct),
  },
  {
    key: 'age',
    label: 'Age',
    numeric: true,
    value: (row) => Date.parse(row.createdAt),
    render: (row) => <RelativeTime value={isLive(row) ? row.createdAt : (row.finishedAt ?? row.createdAt)} />,
  },
  {
    key: 'cost',
    label: 'Cost/h',
    numeric: true,
    value: (row) => (row.gpus.count === 0 ? 0 : row.costPerHourMicroUsd),
    render: costText,
  },
  { key: 'owner', label: 'Owner', value: (row) => row.owner.name, className: 'whitespace-nowrap' },
]

/** The same row on a phone. */
export function WorkloadRowCard({ workload }: { workload: WorkloadListItem }) {
  return (
    <RowLink
      href={`/workloads/${workload.id}`}
      className="grid min-h-16 grid-cols-[minmax(0,1fr)] gap-0.5 px-3 py-2 no-underline"
    >
      <span className="flex flex-wrap items-center gap-x-2">
        <span className="min-w-0 truncate font-semibold">{workload.name}</span>
        <DemoMark demo={workload.demo} />
        <span className="ml-auto">
          <WorkloadStatus workload={workload} />
        </span>
      </span>
      <span className="live-value truncate text-sm text-muted">
        {workload.kind} · {gpuText(workload)}
        {workload.nodes.length > 0 ? ` · ${nodesText(workload)}` : ''}
        {workload.utilPct === null ? '' : ` · ${formatPercent(workload.utilPct)}`}
      </span>
      {workload.status === 'pending' && workload.statusReason ? (
        <span className="text-sm text-muted">{workload.statusReason}</span>
      ) : null}
    </RowLink>
  )
}
