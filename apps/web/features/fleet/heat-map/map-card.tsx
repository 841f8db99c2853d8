'use client'
import type { FleetFrame, SlotTable } from '@clawbernetes/protocol/views/fleet'
import type { NodeListItem } from '@clawbernetes/protocol/views/node'
import { X } from 'lucide-react'
import Link from 'next/link'
import { usePreferences } from '@/features/shell/preferences-context'
import { Button } from '@/ui/button'
import { formatPercent, formatPlural, formatTemperature } from '@/ui/format'
import { StatusPill, StatusText } from '@/ui/status-pill'
import { nodeLive } from '../node-live'
import { GPU_STATE, presentNode } from '../node-state'
import type { MapHit, MapLayout } from './map-layout'
import { stateAt, valueAt } from './metric-bins'

type MapCardProps = {
  hit: MapHit
  layout: MapLayout
  frame: FleetFrame
  table: SlotTable
  node: NodeListItem | undefined
  /** Pinned by a tap: it stays and has a way to the node. */
  onClose: (() => void) | undefined
}

const CARD_PX = 250

/** What stands under the pointer, in words. Beside the block, inside the map's width. */
export function MapCard({ hit, layout, frame, table, node, onClose }: MapCardProps) {
  const { block, gpu } = hit
  const state = node ? presentNode(node) : null
  const left = Math.max(0, Math.min(block.x, layout.width - CARD_PX))
  return (
    <div
      className="fade-in absolute z-20 rounded-md border border-line bg-raised p-2 text-sm shadow-overlay"
      style={{
        left,
        top: block.y + block.height + 8,
        width: `min(${CARD_PX}px, 100%)`,
        pointerEvents: onClose ? 'auto' : 'none',
      }}
    >
      <div className="flex items-center gap-2">
        <span className="min-w-0 truncate font-semibold">{block.name}</span>
        {state ? <StatusPill tone={state.tone}>{state.word}</StatusPill> : null}
        {block.cordoned ? <span className="text-xs text-muted">cordoned</span> : null}
        {onClose ? (
          <Button variant="quiet" size="icon-sm" className="ml-auto" onClick={onClose} aria-label="Close">
            <X aria-hidden="true" className="size-4" />
          </Button>
        ) : null}
      </div>
      {gpu === null ? (
        <NodeFacts hit={hit} frame={frame} />
      ) : (
        <GpuFactsOf hit={hit} gpu={gpu} frame={frame} table={table} />
      )}
      {node && node.workloads.length > 0 ? (
        <p className="mt-1 truncate text-muted">{node.workloads.map((workload) => workload.name).join(', ')}</p>
      ) : null}
      {onClose ? (
        <Link href={`/nodes/${block.nodeId}`} className="link mt-1 inline-flex min-h-11 items-center">
          Open {block.name}
        </Link>
      ) : null}
    </div>
  )
}

function NodeFacts({ hit, frame }: { hit: MapHit; frame: FleetFrame }) {
  const { preferences } = usePreferences()
  const live = nodeLive(frame, hit.block.offset, hit.block.gpuCount)
  return (
    <p className="mt-1">
      {formatPlural(hit.block.gpuCount, 'GPU')} ·{' '}
      {live.reporting === 0
        ? 'no data'
        : `mean ${formatPercent(live.utilPct)} · max ${formatTemperature(live.maxTempC, preferences.temperatureUnit)}`}
    </p>
  )
}

function GpuFactsOf({ hit, gpu, frame, table }: { hit: MapHit; gpu: number; frame: FleetFrame; table: SlotTable }) {
  const { preferences } = usePreferences()
  const place = hit.block.offset + gpu
  const facts = table.nodes.find((node) => node.nodeId === hit.block.nodeId)?.gpus[gpu]
  const state = GPU_STATE[stateAt(frame, place)]
  const known = (metric: 'util' | 'mem' | 'temp' | 'power') => valueAt(frame, metric, place)
  return (
    <div className="mt-1">
      <p className="flex items-center gap-2">
        GPU {facts?.index ?? gpu} <span className="text-muted">{facts?.model}</span>
        <StatusText tone={state.tone} shape={'shape' in state ? state.shape : undefined} className="ml-auto">
          {state.word}
        </StatusText>
      </p>
      <dl className="mt-1 grid grid-cols-[auto_1fr_auto_1fr] gap-x-2">
        <dt className="text-muted">Util</dt>
        <dd>{formatPercent(known('util'))}</dd>
        <dt className="text-muted">Memory</dt>
        <dd>{formatPercent(known('mem'))}</dd>
        <dt className="text-muted">Temp</dt>
        <dd>{formatTemperature(known('temp'), preferences.temperatureUnit)}</dd>
        <dt className="text-muted">Power</dt>
        <dd>{known('power') === null ? '—' : `${formatPercent(known('power'))} of limit`}</dd>
      </dl>
    </div>
  )
}
