'use client'
import { Plus } from 'lucide-react'
import dynamic from 'next/dynamic'
import Link from 'next/link'
import { PanelError } from '@/features/diagnosis/panel-error'
import { Page } from '@/features/shell/page'
import { Button } from '@/ui/button'
import { EmptyState } from '@/ui/empty-state'
import { SkeletonRows } from '@/ui/skeleton'
import { AttentionList } from './attention-list'
import { FleetStats, FleetStatsSkeleton } from './fleet-stats'
import { NodesPanel } from './nodes-panel'
import { useFleetData } from './use-fleet'
import { whenReachable } from '@/ui/when-reachable'

/** Below the fold: it comes after the map, and its place is kept. */
const FleetCharts = dynamic(
  whenReachable(() => import('@/features/telemetry/fleet-charts').then((module) => module.FleetCharts)),
  {
    ssr: false,
    loading: () => <div className="h-60" aria-hidden="true" />,
  },
)

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
          {nodes.data ? <NodesPanel nodes={nodes.data} /> : null}
          {nodes.isPending ? <SkeletonRows rows={9} label="Loading nodes" className="panel p-3" /> : null}
          {summary.data ? <AttentionList items={summary.data.attention} total={summary.data.attentionTotal} /> : null}
          {nodes.data ? <FleetCharts /> : null}
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
