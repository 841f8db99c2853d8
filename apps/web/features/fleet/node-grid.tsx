'use client'
import type { NodeListItem } from '@clawbernetes/protocol/views/node'
import { usePreferences } from '@/features/shell/preferences-context'
import { RelativeTime } from '@/ui/clock'
import { formatPercent, formatTemperature } from '@/ui/format'
import { RowLink } from '@/ui/row-link'
import { StatusPill } from '@/ui/status-pill'
import { DemoMark } from './demo-mark'
import { MiniMap } from './mini-map'
import type { NodeLive } from './node-live'
import { presentNode } from './node-state'

type NodeGridProps = { nodes: readonly NodeListItem[]; live: ReadonlyMap<string, NodeLive> }

/** Cards, for fleets that fit on a screen. */
export function NodeGrid({ nodes, live }: NodeGridProps) {
  return (
    <ul className="m-0 grid list-none grid-cols-[repeat(auto-fill,minmax(230px,1fr))] gap-2 p-3">
      {nodes.map((node) => (
        <li key={node.id}>
          <NodeCard node={node} live={live.get(node.id)} />
        </li>
      ))}
    </ul>
  )
}

function NodeCard({ node, live }: { node: NodeListItem; live: NodeLive | undefined }) {
  const { preferences } = usePreferences()
  const state = presentNode(node)
  const models = node.gpuModels.map(({ model, count }) => `${count}× ${model}`).join(', ')
  return (
    <article className="panel relative grid h-full content-start gap-2 px-3 py-2.5 hover:border-control">
      <div className="flex items-center gap-2">
        <h3 className="min-w-0 truncate font-semibold">
          <RowLink href={`/nodes/${node.id}`} className="no-underline after:absolute after:inset-0">
            {node.name}
          </RowLink>
        </h3>
        <DemoMark demo={node.demo} />
        <StatusPill tone={state.tone} className="ml-auto">
          {state.word}
        </StatusPill>
      </div>
      <p className="truncate text-sm text-muted">
        {models || 'no GPUs'}
        {node.cordon ? ' · cordoned' : ''}
      </p>
      <MiniMap cells={node.cells} label={node.name} />
      <dl className="grid grid-cols-3 gap-x-2 text-sm">
        <Fact label="Allocated" value={`${node.gpusAllocated} / ${node.gpusTotal}`} />
        <Fact label="Util" value={formatPercent(live ? live.utilPct : node.sample.stale ? null : node.utilPct)} />
        <Fact
          label="Max temp"
          value={formatTemperature(
            live ? live.maxTempC : node.sample.stale ? null : node.maxTempC,
            preferences.temperatureUnit,
          )}
        />
      </dl>
      <p className="truncate text-sm text-muted">
        {node.sample.stale && node.lastSeenAtMs !== null ? (
          <>
            last heard <RelativeTime value={node.lastSeenAtMs} />
          </>
        ) : node.workloads.length === 0 ? (
          'no workloads'
        ) : (
          node.workloads.map((workload) => workload.name).join(', ')
        )}
      </p>
    </article>
  )
}

function Fact({ label, value }: { label: string; value: string }) {
  return (
    <div>
      <dt className="text-xs text-muted">{label}</dt>
      <dd className="live-value">{value}</dd>
    </div>
  )
}
