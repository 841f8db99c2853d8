'use client'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useCan } from '@/features/identity/session'
import { Page } from '@/features/shell/page'
import { toApiError, useTRPC } from '@/trpc/client'
import { Button } from '@/ui/button'
import { EmptyState } from '@/ui/empty-state'
import { InlineError } from '@/ui/inline-error'
import { SkeletonRows } from '@/ui/skeleton'
import { AuditEntries } from './audit-entries'
import { AuditFilterBar } from './audit-filter-bar'
import { NewEntries } from './new-entries'
import { exportHref, type AuditQuery, useAuditFilter } from './use-audit-filter'
import { VerifyChain } from './verify-chain'

const PAGE_SIZE = 50

/** Downloads of what the filter shows; the export is an entry of its own. */
function ExportLinks({ query }: { query: AuditQuery }) {
  if (!useCan('exportAudit')) return null
  return (
    <>
      <Button asChild>
        <a href={exportHref(query, 'jsonl')} download>
          Export JSONL
        </a>
      </Button>
      <Button asChild>
        <a href={exportHref(query, 'csv')} download>
          Export CSV
        </a>
      </Button>
    </>
  )
}

export function AuditPage() {
  const trpc = useTRPC()
  const filter = useAuditFilter()
  const log = useInfiniteQuery(
    trpc.audit.list.infiniteQueryOptions(
      { ...filter.query, limit: PAGE_SIZE },
      {
        initialCursor: null,
        getNextPageParam: (last) => (last.length === PAGE_SIZE ? (last.at(-1)?.seq ?? null) : null),
        // A reader's page stands still; what is new is offered above it.
        refetchOnWindowFocus: false,
      },
    ),
  )
  const entries = log.data?.pages.flat() ?? []
  const failure = log.error && !log.data ? toApiError(log.error) : null
  const actions = (
    <>
      <VerifyChain />
      <ExportLinks query={filter.query} />
    </>
  )
  return (
    <Page title="Audit log" actions={actions}>
      <AuditFilterBar filter={filter} />
      {log.data ? (
        <NewEntries query={filter.query} afterSeq={entries[0]?.seq ?? 0} onShow={() => void log.refetch()} />
      ) : null}
      {failure ? (
        <InlineError
          title="The audit log could not be loaded"
          detail={failure.message}
          requestId={failure.requestId ?? undefined}
          onRetry={() => void log.refetch()}
          retrying={log.isFetching}
        />
      ) : null}
      {log.isPending ? <SkeletonRows rows={10} label="Loading the audit log" /> : null}
      {log.data && entries.length === 0 ? (
        <EmptyState
          title={filter.filtered ? 'No entry matches' : 'Nothing has been recorded yet'}
          action={filter.filtered ? <Button onClick={filter.clear}>Clear filters</Button> : null}
        />
      ) : null}
      {entries.length > 0 ? <AuditEntries entries={entries} /> : null}
      {log.hasNextPage ? (
        <div>
          <Button onClick={() => void log.fetchNextPage()} pending={log.isFetchingNextPage}>
            Show older entries
          </Button>
        </div>
      ) : null}
    </Page>
  )
}
