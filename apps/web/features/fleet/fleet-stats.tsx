import type { FleetSummary } from '@clawbernetes/protocol/views/fleet'
import Link from 'next/link'
import { Stat } from '@/ui/card'
import { formatCount, formatMemoryOf, formatPercent, formatPlural, formatPower } from '@/ui/format'
import { Skeleton } from '@/ui/skeleton'
import { DemoMark } from './demo-mark'
import { StatusText } from '@/ui/status-pill'

const GRID = 'grid grid-cols-[repeat(auto-fit,minmax(150px,1fr))] gap-2 max-desk:grid-cols-2'

export function FleetStatsSkeleton() {
  return (
    <div className={GRID} role="status" aria-label="Loading counts">
      {Array.from({ length: 5 }, (_, index) => (
        <div key={index} className="panel px-2.5 py-2">
          <Skeleton className="w-20" />
          <Skeleton className="mt-1 h-7 w-14" />
          <Skeleton className="mt-1 w-24" />
        </div>
      ))}
    </div>
  )
}

/** The fleet in five figures. Unknown stays unknown: a fleet that does not report has no utilisation, not 0 %. */
export function FleetStats({ summary }: { summary: FleetSummary }) {
  const { nodes, gpus } = summary
  const offline = nodes.byStatus.offline + nodes.byStatus.lost + nodes.byStatus.incompatible
  const idle = summary.idleAllocated
  return (
    <div className={GRID}>
      <Stat
        label="Nodes"
        value={formatCount(nodes.byStatus.online)}
        unit={`/ ${formatCount(nodes.total)} online`}
        note={
          <span className="flex flex-wrap gap-x-2">
            {nodes.degraded > 0 ? <StatusText tone="warn">{nodes.degraded} degraded</StatusText> : null}
            {offline > 0 ? <StatusText tone="none">{offline} not reporting</StatusText> : null}
            {nodes.cordoned > 0 ? <span>{nodes.cordoned} cordoned</span> : null}
            {nodes.degraded + offline + nodes.cordoned === 0 ? 'all healthy' : null}
            <DemoMark demo={nodes.demo > 0} />
            {nodes.demo > 0 && nodes.demo < nodes.total ? <span>{nodes.demo} of them</span> : null}
          </span>
        }
      />
      <Stat
        label="GPUs allocated"
        value={formatCount(gpus.allocated)}
        unit={`/ ${formatCount(gpus.total)}`}
        note={`${formatCount(gpus.free)} free${gpus.unreachable > 0 ? `, ${formatCount(gpus.unreachable)} unreachable` : ''}`}
      />
      <Stat
        label="Utilisation, 15 min"
        value={formatPercent(summary.utilPct15m)}
        note={`now ${formatPercent(summary.utilPctNow)} · memory ${formatMemoryOf(summary.memUsedMib, summary.memTotalMib)}`}
      />
      <Stat
        label="Allocated but idle"
        value={formatCount(idle.gpus)}
        unit={idle.gpus === 1 ? 'GPU' : 'GPUs'}
        note={
          idle.workloads[0] ? (
            <Link href={`/workloads/${idle.workloads[0].id}`} className="link">
              {idle.workloads[0].name}
              {idle.workloads.length > 1 ? ` and ${idle.workloads.length - 1} more` : ''}
            </Link>
          ) : (
            'below 5 % for 15 min: none'
          )
        }
      />
      <Stat
        className="max-desk:col-span-2"
        label="Needs attention"
        value={formatCount(summary.attentionTotal)}
        note={
          summary.attention[0] ? (
            <a href="#attention" className="link line-clamp-2">
              {summary.attention[0].nodeName}: {summary.attention[0].title}
            </a>
          ) : (
            `power ${formatPower(summary.powerW)} · ${formatPlural(gpus.total, 'GPU')}`
          )
        }
      />
    </div>
  )
}
