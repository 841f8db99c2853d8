'use client'
import type { NodeListItem } from '@clawbernetes/protocol/views/node'
import dynamic from 'next/dynamic'
import { parseAsString, parseAsStringLiteral, useQueryState } from 'nuqs'
import { useMemo } from 'react'
import { Button } from '@/ui/button'
import { RelativeTime } from '@/ui/clock'
import { EmptyState } from '@/ui/empty-state'
import { formatPlural } from '@/ui/format'
import { SkeletonRows } from '@/ui/skeleton'
import { SegmentedControl } from '@/ui/tabs'
import { FilterBar } from './filter-bar'
import { facetsOf, matchesFilter, parseFilter } from './fleet-filter'
import { MapControls } from './heat-map/map-controls'
import { MapView } from './heat-map/map-view'
import { METRIC_LABEL } from './heat-map/metric-bins'
import { useMapSettings } from './heat-map/use-map-settings'
import { liveByNode, type NodeLive } from './node-live'
import { useFleetFrame } from './use-fleet'
import { whenReachable } from '@/ui/when-reachable'

const loading = () => <SkeletonRows rows={9} label="Loading the view" className="p-3" />
const NodeTable = dynamic(
  whenReachable(() => import('./node-table').then((module) => module.NodeTable)),
  { loading },
)
const NodeGrid = dynamic(
  whenReachable(() => import('./node-grid').then((module) => module.NodeGrid)),
  { loading },
)

const VIEWS = ['map', 'grid', 'table'] as const
type View = (typeof VIEWS)[number]
/** More cards than this are a wall; the table says it better. */
const GRID_MAX = 64
/** From here on a GPU is a few pixels, and zoom helps. */
const DENSE_GPUS = 500
const NO_LIVE: ReadonlyMap<string, NodeLive> = new Map()

/** The fleet's nodes as a map, as cards or as a table, narrowed by one filter. All of it stands in the address. */
export function NodesPanel({ nodes }: { nodes: readonly NodeListItem[] }) {
  const [chosenView, setView] = useQueryState('view', parseAsStringLiteral(VIEWS).withDefault('map'))
  const [filter, setFilter] = useQueryState('q', parseAsString.withDefault(''))
  const map = useMapSettings()
  const fleet = useFleetFrame()

  const tokens = useMemo(() => parseFilter(filter), [filter])
  const shown = useMemo(() => nodes.filter((node) => matchesFilter(node, tokens)), [nodes, tokens])
  const live = useMemo(
    () => (fleet.table.data && fleet.readable ? liveByNode(fleet.table.data, fleet.readable) : NO_LIVE),
    [fleet.table.data, fleet.readable],
  )
  const view = chosenView === 'grid' && shown.length > GRID_MAX ? 'table' : chosenView
  const gpus = shown.reduce((sum, node) => sum + node.gpusTotal, 0)
  return (
    <section aria-labelledby="nodes-title" className="panel min-w-0">
      <header className="flex flex-wrap items-center gap-x-3 gap-y-2 border-b border-line px-3 py-2">
        <h2 id="nodes-title" className="text-base font-semibold">
          {view === 'map' ? `GPU map: ${METRIC_LABEL[map.metric].toLowerCase()}` : 'Nodes'}
        </h2>
        <span className="text-sm text-muted">
          {formatPlural(gpus, 'GPU')}
          {fleet.frame ? (
            <>
              {' · '}
              <RelativeTime value={fleet.frame.atMs} />
            </>
          ) : null}
        </span>
        <div className="ml-auto flex flex-wrap items-center gap-2">
          {view === 'map' ? <MapControls settings={map} nodes={nodes} dense={gpus > DENSE_GPUS} /> : null}
          <SegmentedControl<View>
            label="View"
            value={view}
            onValueChange={(next) => void setView(next)}
            options={[
              { value: 'map', label: 'Map' },
              ...(shown.length <= GRID_MAX ? [{ value: 'grid' as const, label: 'Grid' }] : []),
              { value: 'table', label: 'Table' },
            ]}
          />
        </div>
      </header>
      <div className="border-b border-line px-3 py-2">
        <FilterBar
          value={filter}
          onChange={(next) => void setFilter(next === '' ? null : next)}
          facets={facetsOf(nodes)}
          placeholder="status:degraded model:h100 label:rack=a3"
          label="Filter nodes"
        />
      </div>
      {shown.length === 0 ? (
        <EmptyState
          title="No node matches"
          action={<Button onClick={() => void setFilter(null)}>Clear filters</Button>}
        >
          {formatPlural(nodes.length, 'node')} in the fleet, none of them fits “{filter}”.
        </EmptyState>
      ) : view === 'map' ? (
        <MapView nodes={nodes} shown={shown} fleet={fleet} settings={map} />
      ) : view === 'grid' ? (
        <NodeGrid nodes={shown} live={live} />
      ) : (
        <NodeTable nodes={shown} live={live} />
      )}
    </section>
  )
}
