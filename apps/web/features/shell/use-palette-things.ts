'use client'
import { useQuery } from '@tanstack/react-query'
import { useTRPC } from '@/trpc/client'
import { useDebounced } from '@/ui/use-debounced'
import type { PaletteItem } from './palette-items'

const MIN_CHARS = 2
const SEARCH_PAUSE_MS = 150
/** Above this a GPU is found through its node. */
const MAX_GPUS = 2000

/** Things of the organisation by name: nodes, GPUs, workloads, plans, and conversations by their words. */
export function usePaletteThings(wanted: string): { items: PaletteItem[]; loading: boolean } {
  const trpc = useTRPC()
  const search = useDebounced(wanted, SEARCH_PAUSE_MS)
  const enabled = search.length >= MIN_CHARS
  const nodes = useQuery(trpc.fleet.nodes.queryOptions())
  const workloads = useQuery(trpc.workloads.list.queryOptions({ view: 'all', limit: 200 }))
  const plans = useQuery(trpc.plans.list.queryOptions({ view: 'all', limit: 100 }))
  const gpuCount = nodes.data?.reduce((sum, node) => sum + node.gpusTotal, 0) ?? MAX_GPUS + 1
  const gpus = useQuery(trpc.fleet.gpus.queryOptions({}, { enabled: enabled && gpuCount <= MAX_GPUS }))
  const threads = useQuery(trpc.chat.threads.queryOptions({ search, limit: 6 }, { enabled }))
  const items: PaletteItem[] = [
    ...(nodes.data ?? []).map((node) => ({
      key: node.id,
      group: 'Nodes' as const,
      name: node.name,
      note: node.gpuModels.map((gpu) => `${gpu.count}× ${gpu.model}`).join(', '),
      href: `/nodes/${node.id}`,
    })),
    ...(gpus.data ?? []).map((gpu) => ({
      key: gpu.id,
      group: 'GPUs' as const,
      name: `${gpu.nodeName} GPU ${gpu.index}`,
      note: gpu.model,
      also: gpu.uuid,
      href: `/gpus?gpu=${gpu.id}`,
    })),
    ...(workloads.data ?? []).map((workload) => ({
      key: workload.id,
      group: 'Workloads' as const,
      name: workload.name,
      note: workload.status,
      href: `/workloads/${workload.id}`,
    })),
    ...(plans.data ?? []).map((plan) => ({
      key: plan.id,
      group: 'Plans' as const,
      name: `${plan.label} ${plan.title}`,
      note: '',
      href: `/plans/${plan.id}`,
    })),
    // The server has looked inside; what it found fits, whatever its title says.
    ...(enabled && search === wanted ? (threads.data ?? []) : []).map((thread) => ({
      key: thread.id,
      group: 'Conversations' as const,
      name: thread.title,
      note: thread.createdBy.name,
      also: wanted,
      href: `/chat/${thread.id}`,
    })),
  ]
  return { items, loading: enabled && (threads.isFetching || search !== wanted) }
}
