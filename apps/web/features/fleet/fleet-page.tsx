'use client'
import type { NodeListItem } from '@clawbernetes/protocol/views/node'
import { Plus } from 'lucide-react'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { parseAsInteger, parseAsString, parseAsStringLiteral, useQueryState } from 'nuqs'
import { useMemo } from 'react'
import { PanelError } from '@/features/diagnosis/panel-error'
import { Page } from '@/features/shell/page'
import { usePreferences } from '@/features/shell/preferences-context'
import { Button } from '@/ui/button'
import { RelativeTime } from '@/ui/clock'
import { DataTable } from '@/ui/data-table/data-table'
import { parseSort, printSort } from '@/ui/data-table/columns'
import { EmptyState } from '@/ui/empty-state'
import { formatPlural } from '@/ui/format'
import { SkeletonRows } from '@/ui/skeleton'
import { SegmentedControl } from '@/ui/tabs'
import { AttentionList } from './attention-list'
import { FilterBar } from './filter-bar'
import { facetsOf, matchesFilter, parseFilter } from './fleet-filter'
import { FleetStats, FleetStatsSkeleton } from './fleet-stats'
import { HeatMap } from './heat-map/heat-map'
import { MapLegend } from './heat-map/map-legend'
import { MAP_METRICS, METRIC_LABEL } from './heat-map/metric-bins'
import { NodeGrid } from './node-grid'
import { liveByNode } from './node-live'
import { nodeColumns, NodeRowCard, toNodeRow } from './node-columns'
import { useFleetData, useFleetFrame } from './use-fleet'

const VIEWS = ['map', 'grid', 'table'] as const
/** More cards than this are a wall; the table says it better. */
const GRID_MAX = 64
const BY_NAME = { key: 'name', descending: false }
const NOT_A_GROUP = new Set(['price-per-gpu-hour-usd'])

export function FleetPage() {
  const { summary, nodes } = useFleetData()
  const connect = (
    <Button asChild variant={nodes.data?.length === 0 ? 'primary' : 'secondary'}>
      <Link href="/welcome">
        <Plus aria-hidden="true" className="size-4" />
        Connect node
      </Link>
    </Button>
  )
  return (
    <Page title="Fleet" actions={connect}>
      {nodes.data?.length === 0 ? (
        <EmptyFleet />
      ) : (
        <>
          {summary.data ? <FleetStats summary={summary.data} /> : summary.error ? null : <FleetStatsSkeleton />}
          <PanelError title="The fleet's figures could not be read" query={summary} />
          <PanelError title="The nodes could not be read" query={nodes} />
          {nodes.data ? <NodesPanel nodes={nodes.data} critical={summary.data?.gpus.quarantined ?? 0} /> : null}
          {nodes.isPending ? <SkeletonRows rows={9} label="Loading nodes" className="panel p-3" /> : null}
          {summary.data ? <AttentionList items={summary.data.attention} total={summary.data.attentionTotal} /> : null}
        </>
      )}
    </Page>
  )
}

function EmptyFleet() {
  return (
    <div className="panel">
      <EmptyState
        title="No nodes yet"
        action={
          <Button asChild variant="primary">
            <Link href="/welcome">Connect a node or try the demo fleet</Link>
          </Button>
        }
      >
        A node is a machine that runs the node agent. It joins with one command and shows up here within seconds.
      </EmptyState>
    </div>
  )
}

function NodesPanel({ nodes, critical }: { nodes: readonly NodeListItem[]; critical: number }) {
  const router = useRouter()
  const { preferences } = usePreferences()
  const [chosenView, setView] = useQueryState('view', parseAsStringLiteral(VIEWS).withDefault('map'))
  const [metric, setMetric] = useQueryState('metric', parseAsStringLiteral(MAP_METRICS).withDefault('util'))
  const [group, setGroup] = useQueryState('group', parseAsString)
  const [zoom, setZoom] = useQueryState('zoom', parseAsInteger.withDefault(1))
  const [filter, setFilter] = useQueryState('q', parseAsString.withDefault(''))
  const [sort, setSort] = useQueryState('sort', parseAsString)
  const { table, frame, current } = useFleetFrame()

  const byId = useMemo(() => new Map(nodes.map((node) => [node.id, node])), [nodes])
  const tokens = useMemo(() => parseFilter(filter), [filter])
  const shown = useMemo(() => nodes.filter((node) => matchesFilter(node, tokens)), [nodes, tokens])
  const only = useMemo(() => (tokens.length === 0 ? null : new Set(shown.map((node) => node.id))), [tokens, shown])
  const live = useMemo(
    () => (table.data && current ? liveByNode(table.data, current) : new Map()),
    [table.data, current],
  )
  const view = chosenView === 'grid' && shown.length > GRID_MAX ? 'table' : chosenView
  const gpus = shown.reduce((sum, node) => sum + node.gpusTotal, 0)
  return (
    <section aria-labelledby="nodes-title" className="panel min-w-0">
      <header className="flex flex-wrap items-center gap-x-3 gap-y-2 border-b border-line px-3 py-2">
        <h2 id="nodes-title" className="text-base font-semibold">
          {view === 'map' ? `GPU map: ${METRIC_LABEL[metric].toLowerCase()}` : 'Nodes'}
        </h2>
        <span className="text-sm text-muted">
          {formatPlural(gpus, 'GPU')}
          {frame ? (
            <>
              {' · '}
              <RelativeTime value={frame.atMs} />
            </>
          ) : null}
        </span>
        <div className="ml-auto flex flex-wrap items-center gap-2">
          {view === 'map' ? (
            <MapControls
              metric={metric}
              onMetric={(next) => void setMetric(next)}
              group={group}
              onGroup={(next) => void setGroup(next)}
              labels={labelKeys(nodes)}
              zoom={zoom}
              onZoom={(next) => void setZoom(next)}
              dense={gpus > 500}
            />
          ) : null}
          <SegmentedControl
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
        <div className="p-3">
          <PanelError title="The map could not be read" query={table} />
          {table.data ? (
            <HeatMap
              table={table.data}
              frame={current}
              nodes={byId}
              only={only}
              metric={metric}
              groupBy={group}
              zoom={zoom}
              onOpen={(nodeId) => router.push(`/nodes/${nodeId}`)}
            />
          ) : null}
          <MapLegend metric={metric} critical={critical} />
        </div>
      ) : view === 'grid' ? (
        <NodeGrid nodes={shown} live={live} />
      ) : (
        <DataTable
          label="Nodes"
          rows={shown.map((node) => toNodeRow(node, live.get(node.id)))}
          columns={nodeColumns(preferences.temperatureUnit)}
          rowKey={(row) => row.id}
          sort={parseSort(sort, BY_NAME)}
          onSort={(next) => void setSort(printSort(next))}
          renderCard={(row) => <NodeRowCard row={row} unit={preferences.temperatureUnit} />}
          fileName="nodes.csv"
        />
      )}
    </section>
  )
}

/** Labels that at least two nodes carry and that tell nodes apart. */
function labelKeys(nodes: readonly NodeListItem[]): string[] {
  const values = new Map<string, Set<string>>()
  for (const node of nodes)
    for (const [key, value] of Object.entries(node.labels)) values.set(key, (values.get(key) ?? new Set()).add(value))
  return [...values]
    .filter(([key, distinct]) => distinct.size > 1 && !NOT_A_GROUP.has(key))
    .map(([key]) => key)
    .sort()
}

type MapControlsProps = {
  metric: (typeof MAP_METRICS)[number]
  onMetric: (metric: (typeof MAP_METRICS)[number]) => void
  group: string | null
  onGroup: (group: string | null) => void
  labels: readonly string[]
  zoom: number
  onZoom: (zoom: number) => void
  dense: boolean
}

const SELECT = 'min-h-[30px] rounded-md border border-control bg-bg px-2 text-sm max-desk:min-h-11'

function MapControls(props: MapControlsProps) {
  return (
    <>
      <select
        aria-label="Metric"
        className={SELECT}
        value={props.metric}
        onChange={(event) => props.onMetric(MAP_METRICS.find((m) => m === event.target.value) ?? 'util')}
      >
        {MAP_METRICS.map((metric) => (
          <option key={metric} value={metric}>
            {METRIC_LABEL[metric]}
          </option>
        ))}
      </select>
      {props.labels.length > 0 ? (
        <select
          aria-label="Group by"
          className={SELECT}
          value={props.group ?? ''}
          onChange={(event) => props.onGroup(event.target.value === '' ? null : event.target.value)}
        >
          <option value="">No groups</option>
          {props.labels.map((label) => (
            <option key={label} value={label}>
              By {label}
            </option>
          ))}
        </select>
      ) : null}
      {props.dense ? (
        <select
          aria-label="Zoom"
          className={SELECT}
          value={props.zoom}
          onChange={(event) => props.onZoom(Number(event.target.value))}
        >
          {[1, 2, 3].map((zoom) => (
            <option key={zoom} value={zoom}>
              {zoom}×
            </option>
          ))}
        </select>
      ) : null}
    </>
  )
}
