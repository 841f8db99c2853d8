'use client'
import type { PlanView } from '@clawbernetes/protocol/views/plan'
import { useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query'
import { useRoomRefresh } from '@/features/live/use-live'
import { useTRPC } from '@/trpc/client'
import { newerPlan } from './plan-state'

/** A plan as the server knows it, kept fresh by its room. Cards of the same plan share one copy. */
export function usePlan(planId: string): UseQueryResult<PlanView, unknown> {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const options = trpc.plans.read.queryOptions({ planId })
  useRoomRefresh(`plan:${planId}`, () => void queryClient.invalidateQueries({ queryKey: options.queryKey }))
  return useQuery({
    ...options,
    structuralSharing: (known, incoming) => newerPlan(known as PlanView | undefined, incoming as PlanView),
  })
}
