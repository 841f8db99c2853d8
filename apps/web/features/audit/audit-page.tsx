'use client'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { parseAsString, useQueryStates } from 'nuqs'
import { useState } from 'react'
import { Page } from '@/features/shell/page'
import { toApiError, useTRPC } from '@/trpc/client'
import { Button } from '@/ui/button'
import { ClockTime } from '@/ui/clock'
import { CodeBlock, Disclosure } from '@/ui/disclosure'
import { EmptyState } from '@/ui/empty-state'
import { inputClass } from '@/ui/field'
import { InlineError } from '@/ui/inline-error'
import { SkeletonRows } from '@/ui/skeleton'
import { StatusText } from '@/ui/status-pill'
import { Table, TableHead, Td, Th } from '@/ui/table'

const PAGE_SIZE = 50

type Entry = {
  seq: number
  at: string
  actor: { kind: string; name: string }
  onBehalfOf: string | null
  via: string
  action: string
  target: string
  data: Record<string, unknown>
  hash: string
}

function Row({ entry }: { entry: Entry }) {
  const empty = Object.keys(entry.data).length === 0
  return (
    <tr>
      <Td className="whitespace-nowrap">
        <ClockTime value={entry.at} seconds />
        <span className="block text-xs text-muted">{entry.at.slice(0, 19).replace('T', ' ')} UTC</span>
      </Td>
      <Td>
        {entry.actor.name}
        {entry.actor.kind === 'person' || entry.actor.kind === entry.actor.name.toLowerCase() ? null : (
          <span className="block text-xs text-muted">{entry.actor.kind}</span>
        )}
        {entry.onBehalfOf ? <span className="block text-xs text-muted">for {entry.onBehalfOf}</span> : null}
      </Td>
      <Td>{entry.via}</Td>
      <Td className="font-mono text-xs">{entry.action}</Td>
      <Td className="break-all">{entry.target}</Td>
      <Td>
        <Disclosure summary={<span className="text-sm">#{entry.seq}</span>}>
          {empty ? null : <CodeBlock label={`Entry ${entry.seq}`}>{JSON.stringify(entry.data, null, 2)}</CodeBlock>}
          <p className="font-mono text-xs break-all text-muted">{entry.hash}</p>
        </Disclosure>
      </Td>
    </tr>
  )
}

/** Recomputes the whole chain on the server when asked. */
function VerifyChain() {
  const trpc = useTRPC()
  const [asked, setAsked] = useState(false)
  const check = useQuery(trpc.audit.verify.queryOptions(undefined, { enabled: asked, staleTime: 0 }))
  const verify = () => {
    setAsked(true)
    if (asked) void check.refetch()
  }
  return (
    <>
      <span role="status">
        {check.data && !check.isFetching ? (
          check.data.brokenAt === null ? (
            <StatusText tone="ok">{check.data.entries.toLocaleString('en')} entries, chain intact</StatusText>
          ) : (
            <StatusText tone="crit">Chain broken at entry {check.data.brokenAt}</StatusText>
          )
        ) : null}
        {check.error ? <StatusText tone="crit">{toApiError(check.error).message}</StatusText> : null}
      </span>
      <Button onClick={verify} pending={check.isFetching}>
        Verify chain
      </Button>
    </>
  )
}

function useAuditFilter() {
  const [filter, setFilter] = useQueryStates(
    { target: parseAsString.withDefault(''), action: parseAsString.withDefault('') },
    { throttleMs: 300 },
  )
  return {
    ...filter,
    filtered: filter.target !== '' || filter.action !== '',
    set: (patch: { target?: string; action?: string }) =>
      void setFilter(Object.fromEntries(Object.entries(patch).map(([key, value]) => [key, value || null]))),
    clear: () => void setFilter({ target: null, action: null }),
  }
}

function FilterBar({ filter }: { filter: ReturnType<typeof useAuditFilter> }) {
  return (
    <div className="flex flex-wrap gap-2">
      <input
        data-filter
        aria-label="Filter by target"
        placeholder="Target, such as PL-204"
        value={filter.target}
        onChange={(event) => filter.set({ target: event.target.value })}
        className={`${inputClass} max-w-64`}
      />
      <input
        aria-label="Filter by action"
        placeholder="Action, such as plan."
        value={filter.action}
        onChange={(event) => filter.set({ action: event.target.value })}
        className={`${inputClass} max-w-52`}
      />
      {filter.filtered ? <Button onClick={filter.clear}>Clear filters</Button> : null}
    </div>
  )
}

function Entries({ entries }: { entries: readonly Entry[] }) {
  return (
    <div className="panel">
      <Table label="Audit log">
        <TableHead>
          <tr>
            <Th>Time</Th>
            <Th>Who</Th>
            <Th>Via</Th>
            <Th>Action</Th>
            <Th>Target</Th>
            <Th>Entry</Th>
          </tr>
        </TableHead>
        <tbody>
          {entries.map((entry) => (
            <Row key={entry.seq} entry={entry} />
          ))}
        </tbody>
      </Table>
    </div>
  )
}

export function AuditPage() {
  const trpc = useTRPC()
  const filter = useAuditFilter()
  const log = useInfiniteQuery(
    trpc.audit.list.infiniteQueryOptions(
      { target: filter.target || null, action: filter.action || null, limit: PAGE_SIZE },
      {
        initialCursor: null,
        getNextPageParam: (last) => (last.length === PAGE_SIZE ? (last.at(-1)?.seq ?? null) : null),
      },
    ),
  )
  const entries = log.data?.pages.flat() ?? []
  const failure = log.error && !log.data ? toApiError(log.error) : null
  return (
    <Page title="Audit log" actions={<VerifyChain />}>
      <FilterBar filter={filter} />
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
      {entries.length > 0 ? <Entries entries={entries} /> : null}
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
