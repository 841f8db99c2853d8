'use client'
import type { PlanView } from '@clawbernetes/protocol/views/plan'
import { type InvalidateQueryFilters, useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query'
import { useRoomRefresh } from '@/features/live/use-live'
import { useTRPC } from '@/trpc/client'
import { newerPlan } from './plan-state'

/** Every reading of one plan, whether it was asked for by its id or by its label. */
export function planReadings(trpc: ReturnType<typeof useTRPC>, planId: string): InvalidateQueryFilters {
  return {
    ...trpc.plans.read.queryFilter(),
    predicate: ({ state }) => (state.data as PlanView | undefined)?.id === planId,
  }
}

/** A plan as the server knows it, kept fresh by its room. Cards of the same plan share one copy. */
export function usePlan(planId: string): UseQueryResult<PlanView, unknown> {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const options = trpc.plans.read.queryOptions({ planId })
  const query = useQuery({
    ...options,
    structuralSharing: (known, incoming) => newerPlan(known as PlanView | undefined, incoming as PlanView),
  })
  // The page may have been opened by the plan's label; its room has the id.
  const room = query.data ? `plan:${query.data.id}` : null
  useRoomRefresh(room, () => void queryClient.invalidateQueries({ queryKey: options.queryKey }))
  return query
}
