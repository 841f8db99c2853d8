'use client'
import type { NodeEvent } from '@clawbernetes/protocol/views/node'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTRPC } from '@/trpc/client'

const PAGE = 100

export type NodeEventsState = {
  events: readonly NodeEvent[]
  query: { error: unknown; refetch: () => unknown; isFetching: boolean; errorUpdatedAt: number; isPending: boolean }
  more: (() => void) | null
  loadingMore: boolean
}

/** What happened on a node, newest first, page by page. */
export function useNodeEvents(nodeId: string, gpuId?: string): NodeEventsState {
  const trpc = useTRPC()
  const query = useInfiniteQuery(
    trpc.fleet.nodeEvents.infiniteQueryOptions(
      { nodeId, gpuId, limit: PAGE },
      { getNextPageParam: (page) => page.nextCursor },
    ),
  )
  const events = useMemo(() => query.data?.pages.flatMap((page) => page.events) ?? [], [query.data])
  return {
    events,
    query,
    more: query.hasNextPage ? () => void query.fetchNextPage() : null,
    loadingMore: query.isFetchingNextPage,
  }
}
