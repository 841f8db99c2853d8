'use client'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useSession } from '@/features/identity/session'
import { useRoomRefresh } from '@/features/live/use-live'
import { useTRPC } from '@/trpc/client'
import { Button } from '@/ui/button'
import { formatCount } from '@/ui/format'
import type { AuditQuery } from './use-audit-filter'

const LOOK_MS = 15_000

/** "12 new": entries that came since, shown when asked for, so that nothing moves under a reader's eyes. */
export function NewEntries({ query, afterSeq, onShow }: { query: AuditQuery; afterSeq: number; onShow: () => void }) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const { organization } = useSession()
  const news = useQuery(trpc.audit.countNew.queryOptions({ ...query, afterSeq }, { refetchInterval: LOOK_MS }))
  // Most that is audited is told to the organisation as well; the rest is found at the next look.
  useRoomRefresh(
    `org:${organization.id}`,
    () => void queryClient.invalidateQueries(trpc.audit.countNew.queryFilter()),
    {
      everyMs: 2000,
    },
  )
  const count = news.data?.count ?? 0
  return (
    <div role="status" className="empty:hidden">
      {count > 0 ? (
        <Button size="sm" variant="primary" className="rounded-full" onClick={onShow}>
          {formatCount(count)} new
        </Button>
      ) : null}
    </div>
  )
}
