'use client'
import type { WorkloadDetail } from '@clawbernetes/protocol/views/workload'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import dynamic from 'next/dynamic'
import Link from 'next/link'
import { parseAsStringLiteral, useQueryState } from 'nuqs'
import { PanelError } from '@/features/diagnosis/panel-error'
import { DemoMark } from '@/features/fleet/demo-mark'
import { useCan } from '@/features/identity/session'
import { useRoomRefresh } from '@/features/live/use-live'
import { useChatDock, useChatSubject } from '@/features/shell/chat-dock'
import { Page } from '@/features/shell/page'
import { toApiError, useTRPC } from '@/trpc/client'
import { Button } from '@/ui/button'
import { EmptyState } from '@/ui/empty-state'
import { SkeletonRows } from '@/ui/skeleton'
import { Tabs } from '@/ui/tabs'
import { WorkloadStatus } from '../workload-columns'
import { gpuText, isLive } from '../workload-filter'
import { WorkloadConfig } from './workload-config'
import { WorkloadOverview } from './workload-overview'
import { WorkloadTimeline } from './workload-timeline'
import { whenReachable } from '@/ui/when-reachable'

const loading = () => <SkeletonRows rows={8} label="Loading" />
const LogPanel = dynamic(
  whenReachable(() => import('../logs/log-panel').then((module) => module.LogPanel)),
  { loading },
)
const WorkloadMetricsTab = dynamic(
  whenReachable(() => import('./workload-metrics').then((module) => module.WorkloadMetricsTab)),
  {
    loading,
  },
)

const TABS = ['overview', 'logs', 'metrics', 'timeline', 'config'] as const
const REFRESH_MS = 5000

/** @param workload an id or a name */
export function WorkloadPage({ workload: asked }: { workload: string }) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const query = useQuery(
    trpc.workloads.read.queryOptions(
      { workload: asked },
      { refetchInterval: (state) => (state.state.data && !isLive(state.state.data) ? false : REFRESH_MS) },
    ),
  )
  const workload = query.data
  useRoomRefresh(workload ? `workload:${workload.id}` : null, () => {
    void queryClient.invalidateQueries(trpc.workloads.read.queryFilter())
  })
  useChatSubject('workload', workload?.name ?? null, workload?.name ?? '')
  const breadcrumb = (
    <nav aria-label="Breadcrumb">
      <Link href="/workloads" className="link">
        Workloads
      </Link>{' '}
      / {workload?.name ?? '…'}
    </nav>
  )
  if (!workload && query.error && toApiError(query.error).code === 'not-found')
    return (
      <Page title="Workload not found" breadcrumb={breadcrumb} ask={null}>
        <EmptyState
          title="There is no such workload"
          action={
            <Link href="/workloads" className="link">
              All workloads
            </Link>
          }
        />
      </Page>
    )
  return (
    <Page
      title={workload ? <WorkloadTitle workload={workload} /> : 'Workload'}
      breadcrumb={breadcrumb}
      ask={null}
      actions={workload ? <WorkloadActions workload={workload} /> : null}
    >
      <PanelError title="The workload could not be read" query={query} />
      {workload ? <WorkloadBody workload={workload} /> : null}
      {query.isPending ? <SkeletonRows rows={8} label="Loading the workload" /> : null}
    </Page>
  )
}

function WorkloadTitle({ workload }: { workload: WorkloadDetail }) {
  return (
    <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
      {workload.name}
      <span className="text-base font-normal">
        <WorkloadStatus workload={workload} />
      </span>
      <DemoMark demo={workload.demo} />
      <span className="text-base font-normal text-muted">
        {workload.kind} · {gpuText(workload)} · {workload.owner.name}
      </span>
    </span>
  )
}

/** Changes are never made from here: they become a sentence to the agent, whose plan somebody approves. */
function WorkloadActions({ workload }: { workload: WorkloadDetail }) {
  const { ask } = useChatDock()
  const mayPropose = useCan('propose')
  const chip = [{ kind: 'workload', id: workload.name, label: workload.name }]
  const question =
    workload.status === 'pending'
      ? `Why is ${workload.name} pending?`
      : workload.status === 'failed'
        ? `Why did ${workload.name} fail?`
        : `How is ${workload.name} doing?`
  return (
    <>
      <Button variant="primary" onClick={() => ask(question, chip)}>
        Ask about this
      </Button>
      {isLive(workload) ? (
        <Button
          variant="danger"
          aria-disabled={!mayPropose || workload.status === 'stopping'}
          title={
            mayPropose
              ? workload.status === 'stopping'
                ? 'It is stopping already'
                : undefined
              : 'Proposing changes needs the role operator'
          }
          onClick={() => ask(`Stop ${workload.name}`, chip)}
        >
          Stop…
        </Button>
      ) : null}
    </>
  )
}

function WorkloadBody({ workload }: { workload: WorkloadDetail }) {
  const [tab, setTab] = useQueryState('tab', parseAsStringLiteral(TABS).withDefault('overview'))
  const live = isLive(workload)
  return (
    <Tabs
      label="Workload"
      value={tab}
      onValueChange={(next) => void setTab(TABS.find((one) => one === next) ?? 'overview')}
      tabs={[
        { value: 'overview', label: 'Overview', content: <WorkloadOverview workload={workload} /> },
        { value: 'logs', label: 'Logs', content: <LogPanel workload={workload} live={live} /> },
        { value: 'metrics', label: 'Metrics', content: <WorkloadMetricsTab workload={workload} live={live} /> },
        { value: 'timeline', label: 'Timeline', content: <WorkloadTimeline workload={workload} /> },
        { value: 'config', label: 'Config', content: <WorkloadConfig workload={workload} /> },
      ]}
    />
  )
}
