'use client'
import type { FleetFrame } from '@clawbernetes/protocol/views/fleet'
import type { NodeListItem } from '@clawbernetes/protocol/views/node'
import { useRouter } from 'next/navigation'
import { useMemo } from 'react'
import { PanelError } from '@/features/diagnosis/panel-error'
import type { useFleetFrame } from '../use-fleet'
import { HeatMap } from './heat-map'
import { MapLegend } from './map-legend'
import { isCritical, stateAt } from './metric-bins'
import type { MapSettings } from './use-map-settings'

type MapViewProps = {
  nodes: readonly NodeListItem[]
  /** Those that the filter leaves. */
  shown: readonly NodeListItem[]
  fleet: ReturnType<typeof useFleetFrame>
  settings: MapSettings
}

export function MapView({ nodes, shown, fleet, settings }: MapViewProps) {
  const router = useRouter()
  const byId = useMemo(() => new Map(nodes.map((node) => [node.id, node])), [nodes])
  const only = useMemo(
    () => (shown.length === nodes.length ? null : new Set(shown.map((node) => node.id))),
    [shown, nodes.length],
  )
  const { readable } = fleet
  const critical = useMemo(() => (readable ? countCritical(readable) : 0), [readable])
  return (
    <div className="p-3">
      <PanelError title="The map could not be read" query={fleet.table} />
      {fleet.table.data ? (
        <HeatMap
          table={fleet.table.data}
          frame={fleet.readable}
          nodes={byId}
          only={only}
          metric={settings.metric}
          groupBy={settings.group}
          zoom={settings.zoom}
          onOpen={(nodeId) => router.push(`/nodes/${nodeId}`)}
        />
      ) : null}
      <MapLegend metric={settings.metric} critical={critical} />
    </div>
  )
}

function countCritical(frame: FleetFrame): number {
  let count = 0
  for (let place = 0; place < frame.length; place++) if (isCritical(stateAt(frame, place))) count += 1
  return count
}
