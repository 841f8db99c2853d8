import { formatCount } from '@/ui/format'
import { StatusText } from '@/ui/status-pill'
import type { BlockOf } from './block-of'

function Figure({ label, value, children }: { label: string; value: string; children?: React.ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-xs text-muted">{label}</dt>
      <dd className="m-0">
        <span className="text-lg font-semibold">{value}</span>
        <span className="ml-2 inline-flex flex-wrap gap-x-2 text-sm">{children}</span>
      </dd>
    </div>
  )
}

export function FleetSummaryBlock({ block }: { block: BlockOf<'fleet-summary'> }) {
  const { nodes, gpus, workloads } = block
  return (
    <>
      <dl className="m-0 grid gap-1.5">
        <Figure label="Nodes" value={formatCount(nodes.total)}>
          <StatusText tone="ok">{nodes.online} online</StatusText>
          {nodes.degraded > 0 ? <StatusText tone="warn">{nodes.degraded} degraded</StatusText> : null}
          {nodes.offline > 0 ? <StatusText tone="none">{nodes.offline} offline</StatusText> : null}
          {nodes.cordoned > 0 ? <span className="text-muted">{nodes.cordoned} cordoned</span> : null}
        </Figure>
        <Figure label="GPUs" value={formatCount(gpus.total)}>
          <span>{gpus.allocated} allocated</span>
          <span>{gpus.free} free</span>
          {gpus.unavailable > 0 ? <StatusText tone="warn">{gpus.unavailable} unavailable</StatusText> : null}
        </Figure>
        <Figure label="Workloads" value={formatCount(workloads.running)}>
          <span>running</span>
          <span>{workloads.pending} pending</span>
          {workloads.failed > 0 ? <StatusText tone="crit">{workloads.failed} failed</StatusText> : null}
        </Figure>
      </dl>
      {gpus.byModel.length > 0 ? (
        <ul className="m-0 mt-2 list-none p-0 text-sm text-muted">
          {gpus.byModel.map((item) => (
            <li key={item.model}>
              {item.model}: {item.free} of {item.total} free
            </li>
          ))}
        </ul>
      ) : null}
    </>
  )
}
