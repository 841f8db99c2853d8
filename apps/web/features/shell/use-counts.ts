'use client'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useSession } from '@/features/identity/session'
import { useRoomRefresh } from '@/features/live/use-live'
import { useTRPC } from '@/trpc/client'

export type Counts = { waitingApprovals: number; alerts: number | null }

/** The two numbers of the header. Unknown alerts stay null: an unanswered question is not "no alerts". */
export function useCounts(): Counts {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const { organization } = useSession()
  const waiting = useQuery(trpc.plans.list.queryOptions({ view: 'waiting', limit: 200 }))
  useRoomRefresh(`org:${organization.id}`, () => void queryClient.invalidateQueries(trpc.plans.list.queryFilter()), {
    accepts: (event) => event.kind.startsWith('plan.'),
  })
  const summary = useQuery(trpc.fleet.summary.queryOptions())
  useRoomRefresh(
    `fleet:${organization.id}`,
    () => void queryClient.invalidateQueries(trpc.fleet.summary.queryFilter()),
    {
      everyMs: 3000,
      accepts: (event) => event.kind.startsWith('finding.') || event.kind === 'node.state',
    },
  )
  return { waitingApprovals: waiting.data?.length ?? 0, alerts: summary.data?.attentionTotal ?? null }
}
