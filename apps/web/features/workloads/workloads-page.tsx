'use client'
import type { WorkloadListItem } from '@clawbernetes/protocol/views/workload'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { parseAsString, useQueryState } from 'nuqs'
import { useMemo } from 'react'
import { PanelError } from '@/features/diagnosis/panel-error'
import { FilterBar } from '@/features/fleet/filter-bar'
import { useSession } from '@/features/identity/session'
import { useRoomRefresh } from '@/features/live/use-live'
import { useChatDock } from '@/features/shell/chat-dock'
import { Page } from '@/features/shell/page'
import { useTRPC } from '@/trpc/client'
import { Button } from '@/ui/button'
import { Stat } from '@/ui/card'
import { parseSort, printSort } from '@/ui/data-table/columns'
import { DataTable } from '@/ui/data-table/data-table'
import { EmptyState } from '@/ui/empty-state'
import { formatCount, formatPlural } from '@/ui/format'
import { SkeletonRows } from '@/ui/skeleton'
import { StatusText } from '@/ui/status-pill'
import { matchesWorkload, workloadFacets } from './workload-filter'
import { workloadColumns, WorkloadRowCard } from './workload-columns'

const REFRESH_MS = 10_000
const LIMIT = 1000
const EXAMPLES = [
  'I need to fine-tune Llama 3 8B on my custom dataset. I have it in /data/training.',
  'Which GPUs are free right now?',
  'Why is my workload pending?',
]

export function WorkloadsPage() {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const { organization } = useSession()
  const { ask } = useChatDock()
  const list = useQuery(trpc.workloads.list.queryOptions({ limit: LIMIT }, { refetchInterval: REFRESH_MS }))
  const counts = useQuery(trpc.workloads.counts.queryOptions(undefined, { refetchInterval: REFRESH_MS }))
  useRoomRefresh(
    `org:${organization.id}`,
    () => {
      void queryClient.invalidateQueries(trpc.workloads.list.queryFilter())
      void queryClient.invalidateQueries(trpc.workloads.counts.queryFilter())
    },
    { everyMs: 500, accepts: (event) => event.kind.startsWith('workload.') },
  )
  return (
    <Page
      title="Workloads"
      actions={
        <Button onClick={() => ask('I want to run ')}>
          <Plus aria-hidden="true" className="size-4" />
          Deploy via chat
        </Button>
      }
    >
      <div className="grid grid-cols-[repeat(auto-fit,minmax(140px,1fr))] gap-2 max-desk:grid-cols-3">
        <Stat label="Running" value={formatCount(counts.data?.running)} />
        <Stat label="Pending" value={formatCount(counts.data?.pending)} />
        <Stat
          label="Failed, 24 h"
          value={formatCount(counts.data?.failed24h)}
          note={
            counts.data && counts.data.degraded > 0 ? (
              <StatusText tone="warn">{counts.data.degraded} degraded</StatusText>
            ) : undefined
          }
        />
      </div>
      <PanelError title="The workloads could not be read" query={list} />
      {list.isPending ? <SkeletonRows rows={10} label="Loading workloads" className="panel p-3" /> : null}
      {list.data?.length === 0 ? (
        <div className="panel">
          <EmptyState
            title="Nothing runs yet"
            action={EXAMPLES.map((example) => (
              <Button key={example} size="sm" className="h-auto py-1 whitespace-normal" onClick={() => ask(example)}>
                {example}
              </Button>
            ))}
          >
            A workload is what you ask to run: a training, a service, a batch. Ask the agent; it proposes a plan, you
            approve.
          </EmptyState>
        </div>
      ) : null}
      {list.data && list.data.length > 0 ? <WorkloadList workloads={list.data} /> : null}
    </Page>
  )
}

/** As the server orders them: what lives first, newest first. */
const AS_READ = { key: '', descending: false }

function WorkloadList({ workloads }: { workloads: readonly WorkloadListItem[] }) {
  const [filter, setFilter] = useQueryState('q', parseAsString.withDefault(''))
  const [sort, setSort] = useQueryState('sort', parseAsString)
  const { ask } = useChatDock()
  const askAbout = (chosen: readonly WorkloadListItem[]) => {
    const names = chosen.map((workload) => workload.name)
    ask(`How are ${names.join(' and ')} doing?`, [
      { kind: 'workloads', id: names.join(), label: formatPlural(names.length, 'workload'), items: names },
    ])
  }
  const shown = useMemo(() => workloads.filter((workload) => matchesWorkload(workload, filter)), [workloads, filter])
  return (
    <section aria-label="Workloads" className="panel min-w-0">
      <div className="border-b border-line px-3 py-2">
        <FilterBar
          value={filter}
          onChange={(next) => void setFilter(next === '' ? null : next)}
          facets={workloadFacets(workloads)}
          placeholder="status:pending owner:maya node:node-03"
          label="Filter workloads"
        />
      </div>
      {shown.length === 0 ? (
        <EmptyState
          title="No workload matches"
          action={<Button onClick={() => void setFilter(null)}>Clear filters</Button>}
        >
          {formatPlural(workloads.length, 'workload')}, none of them fits “{filter}”.
        </EmptyState>
      ) : (
        <DataTable
          label="Workloads"
          rows={shown}
          columns={workloadColumns}
          rowKey={(row) => row.id}
          sort={parseSort(sort, AS_READ)}
          onSort={(next) => void setSort(printSort(next))}
          renderCard={(row) => <WorkloadRowCard workload={row} />}
          fileName="workloads.csv"
          action={{ noun: 'workload', nameOf: (row) => row.name, label: 'Ask about', onAct: askAbout }}
          toolbar={<span className="text-sm text-muted">{formatPlural(shown.length, 'workload')}</span>}
        />
      )}
    </section>
  )
}
