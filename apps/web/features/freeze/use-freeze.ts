'use client'
import type { FreezeView } from '@clawbernetes/protocol/views/freeze'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useSession } from '@/features/identity/session'
import { useRoomRefresh } from '@/features/live/use-live'
import { useTRPC } from '@/trpc/client'

/** The emergency stop as the server knows it; null until it has answered: an unanswered question is not "off". */
export function useFreeze(): FreezeView | null {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const { organization } = useSession()
  const query = useQuery(trpc.approvals.readFreeze.queryOptions())
  const refresh = () => {
    void queryClient.invalidateQueries(trpc.approvals.readFreeze.queryFilter())
    // What may be done with every card changed.
    void queryClient.invalidateQueries(trpc.plans.read.queryFilter())
  }
  useRoomRefresh(`org:${organization.id}`, refresh, {
    accepts: (event) => event.kind === 'org.frozen' || event.kind === 'org.unfrozen',
  })
  return query.data ?? null
}
