'use client'
import type { NodeDetail } from '@clawbernetes/protocol/views/node'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import dynamic from 'next/dynamic'
import Link from 'next/link'
import { parseAsStringLiteral, useQueryState } from 'nuqs'
import { FindingList } from '@/features/diagnosis/finding-list'
import { PanelError } from '@/features/diagnosis/panel-error'
import { useRoomRefresh } from '@/features/live/use-live'
import { useChatSubject } from '@/features/shell/chat-dock'
import { Page } from '@/features/shell/page'
import { RangeSelect } from '@/features/telemetry/range-select'
import { RANGE_KEYS } from '@/features/telemetry/time-range'
import { toApiError, useTRPC } from '@/trpc/client'
import { EmptyState } from '@/ui/empty-state'
import { Notice } from '@/ui/inline-error'
import { RelativeTime } from '@/ui/clock'
import { SkeletonRows } from '@/ui/skeleton'
import { Tabs } from '@/ui/tabs'
import { GpuTable } from './gpu-table'
import { NodeActions } from './node-actions'
import { NodeConfig } from './node-config'
import { NodeEvents } from './node-events'
import { NodeHeader } from './node-header'
import { NodeWorkloads } from './node-workloads'
import { useNodeEvents } from './use-node-events'
import { whenReachable } from '@/ui/when-reachable'

const NodeCharts = dynamic(
  whenReachable(() => import('@/features/telemetry/node-charts').then((module) => module.NodeCharts)),
  {
    ssr: false,
    loading: () => <SkeletonRows rows={6} label="Loading charts" />,
  },
)

const TABS = ['overview', 'workloads', 'events', 'config'] as const
const REFRESH_MS = 5000

export function NodePage({ nodeId }: { nodeId: string }) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const query = useQuery(trpc.fleet.node.queryOptions({ nodeId }, { refetchInterval: REFRESH_MS }))
  useRoomRefresh(
    `node:${nodeId}`,
    () => {
      void queryClient.invalidateQueries(trpc.fleet.node.queryFilter({ nodeId }))
      void queryClient.invalidateQueries(trpc.fleet.nodeEvents.queryFilter())
    },
    { everyMs: 500 },
  )
  const node = query.data
  useChatSubject('node', node?.name ?? null, node?.name ?? '')
  const breadcrumb = (
    <nav aria-label="Breadcrumb">
      <Link href="/fleet" className="link">
        Fleet
      </Link>{' '}
      / {node?.name ?? '…'}
    </nav>
  )
  if (!node && query.error && toApiError(query.error).code === 'not-found')
    return (
      <Page title="Node not found" breadcrumb={breadcrumb} ask={null}>
        <EmptyState
          title="There is no such node"
          action={
            <Link href="/fleet" className="link">
              Back to the fleet
            </Link>
          }
        >
          It may have been removed from the fleet.
        </EmptyState>
      </Page>
    )
  return (
    <Page
      title={node ? <NodeHeader node={node} /> : 'Node'}
      breadcrumb={breadcrumb}
      ask={null}
      actions={node ? <NodeActions node={node} /> : null}
    >
      <PanelError title="The node could not be read" query={query} />
      {node ? <NodeBody node={node} /> : query.isPending ? <SkeletonRows rows={8} label="Loading the node" /> : null}
    </Page>
  )
}

function NodeBody({ node }: { node: NodeDetail }) {
  const [tab, setTab] = useQueryState('tab', parseAsStringLiteral(TABS).withDefault('overview'))
  const [range, setRange] = useQueryState('range', parseAsStringLiteral(RANGE_KEYS).withDefault('1h'))
  const events = useNodeEvents(node.id)
  return (
    <>
      <NodeNotices node={node} />
      <Tabs
        label="Node"
        value={tab}
        onValueChange={(next) => void setTab(TABS.find((one) => one === next) ?? 'overview')}
        tabs={[
          {
            value: 'overview',
            label: 'Overview',
            content: (
              <div className="grid gap-3">
                <FindingList findings={node.findings} />
                <GpuTable node={node} />
                <div className="flex items-center gap-2">
                  <h2 className="text-base font-semibold">Over time</h2>
                  <div className="ml-auto">
                    <RangeSelect value={range} onChange={(next) => void setRange(next)} />
                  </div>
                </div>
                <NodeCharts node={node} events={events.events} range={range} />
              </div>
            ),
          },
          { value: 'workloads', label: `Workloads (${node.workloads.length})`, content: <NodeWorkloads node={node} /> },
          { value: 'events', label: 'Events', content: <NodeEvents {...events} /> },
          { value: 'config', label: 'Config', content: <NodeConfig node={node} /> },
        ]}
      />
    </>
  )
}

/** What is true of the whole node and changes how everything below is to be read. */
function NodeNotices({ node }: { node: NodeDetail }) {
  return (
    <>
      {node.status === 'online' && !node.sample.stale ? null : (
        <Notice tone="warn">
          {node.statusReason ?? `${node.name} does not report.`}{' '}
          {node.sample.atMs === null ? (
            'It has never sent values.'
          ) : (
            <>
              Last values <RelativeTime value={node.sample.atMs} />; they are not current.
            </>
          )}
        </Notice>
      )}
      {node.cordon ? (
        <Notice>
          Cordoned{node.cordon.by ? ` by ${node.cordon.by.name}` : ''} <RelativeTime value={node.cordon.atMs} />:{' '}
          {node.cordon.reason}. New work stays away
          {node.cordon.expiresAtMs === null ? (
            ' until somebody lifts it.'
          ) : (
            <>
              {' '}
              until <RelativeTime value={node.cordon.expiresAtMs} />.
            </>
          )}
        </Notice>
      ) : null}
      {node.droppedSamples > 0 ? (
        <p className="text-sm text-muted">
          {node.droppedSamples.toLocaleString('en')} telemetry samples were dropped by the node’s buffer since it
          joined.
        </p>
      ) : null}
    </>
  )
}
