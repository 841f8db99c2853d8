'use client'
import type { GpuView } from '@clawbernetes/protocol/views/gpu'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import dynamic from 'next/dynamic'
import Link from 'next/link'
import { useSearchParams } from 'next/navigation'
import { parseAsString, useQueryState } from 'nuqs'
import { useMemo } from 'react'
import { PanelError } from '@/features/diagnosis/panel-error'
import { useSession } from '@/features/identity/session'
import { useRoomRefresh } from '@/features/live/use-live'
import { useChatDock } from '@/features/shell/chat-dock'
import { Page } from '@/features/shell/page'
import { usePreferences } from '@/features/shell/preferences-context'
import { useTRPC } from '@/trpc/client'
import { Button } from '@/ui/button'
import { parseSort, printSort } from '@/ui/data-table/columns'
import { DataTable } from '@/ui/data-table/data-table'
import { EmptyState } from '@/ui/empty-state'
import { formatPlural } from '@/ui/format'
import { SkeletonRows } from '@/ui/skeleton'
import { FilterBar } from '../filter-bar'
import { gpuColumns, GpuRowCard } from './gpu-columns'
import { gpuFacets, matchesGpu } from './gpu-filter'
import { whenReachable } from '@/ui/when-reachable'

const GpuSheet = dynamic(
  whenReachable(() => import('./gpu-sheet').then((module) => module.GpuSheet)),
  { ssr: false },
)

const BY_NAME = { key: 'gpu', descending: false }
const REFRESH_MS = 10_000
const REFRESH_LARGE_MS = 60_000
const LARGE = 1000

export function GpusPage() {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const { organization } = useSession()
  const [opened, setOpened] = useQueryState('gpu', parseAsString)
  const query = useQuery(
    trpc.fleet.gpus.queryOptions(
      {},
      { refetchInterval: (state) => ((state.state.data?.length ?? 0) > LARGE ? REFRESH_LARGE_MS : REFRESH_MS) },
    ),
  )
  useRoomRefresh(`fleet:${organization.id}`, () => void queryClient.invalidateQueries(trpc.fleet.gpus.queryFilter()), {
    everyMs: (query.data?.length ?? 0) > LARGE ? 10_000 : 1000,
  })
  return (
    <Page title="GPUs">
      <PanelError title="The GPUs could not be read" query={query} />
      {query.isPending ? <SkeletonRows rows={10} label="Loading GPUs" className="panel p-3" /> : null}
      {query.data ? <GpuList gpus={query.data} /> : null}
      {opened ? <GpuSheet gpuId={opened} onClose={() => void setOpened(null)} /> : null}
    </Page>
  )
}

const gpuName = (gpu: GpuView): string => `GPU ${gpu.index} of ${gpu.nodeName}`

function GpuList({ gpus }: { gpus: readonly GpuView[] }) {
  const { preferences } = usePreferences()
  const [filter, setFilter] = useQueryState('q', parseAsString.withDefault(''))
  const [sort, setSort] = useQueryState('sort', parseAsString)
  const shown = useMemo(() => gpus.filter((gpu) => matchesGpu(gpu, filter)), [gpus, filter])
  const { ask } = useChatDock()
  const askAbout = (chosen: readonly GpuView[]) => {
    const label = formatPlural(chosen.length, 'GPU')
    ask(`What about these ${label}?`, [
      { kind: 'gpus', id: chosen.map((gpu) => gpu.id).join(), label, items: chosen.map(gpuName) },
    ])
  }
  const params = useSearchParams()
  const hrefOf = (gpuId: string): string => {
    const next = new URLSearchParams(params)
    next.set('gpu', gpuId)
    return `/gpus?${next}`
  }
  if (gpus.length === 0)
    return (
      <div className="panel">
        <EmptyState
          title="No GPUs yet"
          action={
            <Button asChild variant="primary">
              <Link href="/welcome">Connect a node</Link>
            </Button>
          }
        >
          GPUs show up with the node that they sit in.
        </EmptyState>
      </div>
    )
  return (
    <section aria-label="GPUs" className="panel min-w-0">
      <div className="border-b border-line px-3 py-2">
        <FilterBar
          value={filter}
          onChange={(next) => void setFilter(next === '' ? null : next)}
          facets={gpuFacets(gpus)}
          placeholder="state:suspect model:h100 node:node-06"
          label="Filter GPUs"
        />
      </div>
      {shown.length === 0 ? (
        <EmptyState title="No GPU matches" action={<Button onClick={() => void setFilter(null)}>Clear filters</Button>}>
          {formatPlural(gpus.length, 'GPU')} in the fleet, none of them fits “{filter}”.
        </EmptyState>
      ) : (
        <DataTable
          label="GPUs"
          rows={shown}
          columns={gpuColumns(preferences.temperatureUnit, hrefOf)}
          rowKey={(gpu) => gpu.id}
          sort={parseSort(sort, BY_NAME)}
          onSort={(next) => void setSort(printSort(next))}
          renderCard={(gpu) => <GpuRowCard gpu={gpu} unit={preferences.temperatureUnit} href={hrefOf(gpu.id)} />}
          fileName="gpus.csv"
          action={{ noun: 'GPU', nameOf: gpuName, label: 'Ask about', onAct: askAbout }}
          toolbar={
            <span className="text-sm text-muted">
              {shown.length === gpus.length
                ? formatPlural(gpus.length, 'GPU')
                : `${shown.length} of ${formatPlural(gpus.length, 'GPU')}`}
            </span>
          }
        />
      )}
    </section>
  )
}
