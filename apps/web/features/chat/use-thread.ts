'use client'
import type { MessageView } from '@clawbernetes/protocol/views/chat'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useEffectEvent, useState } from 'react'
import type { RoomEvent } from '@/features/live/messages'
import { useConnection, useRoomRefresh } from '@/features/live/use-live'
import { toApiError, useTRPC, useTRPCClient } from '@/trpc/client'
import { newerPage, withNews, type ThreadPage } from './thread-news'

/** Without the socket, and as a safety net while the agent works, the conversation is asked for. */
const POLL_MS = 3000
const POLL_RUNNING_MS = 6000

/** A conversation as stored. Events bring what is new; when something is missing in between, it is read again. */
export function useThread(threadId: string | null) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const live = useConnection().state === 'live'
  const [older, setOlder] = useState<{ threadId: string; messages: MessageView[]; more: boolean } | null>(null)
  const earlier = older?.threadId === threadId ? older : null
  const [loadingEarlier, setLoadingEarlier] = useState(false)
  const options = trpc.chat.read.queryOptions({ threadId: threadId ?? '' }, { enabled: threadId !== null })
  const query = useQuery({
    ...options,
    structuralSharing: (known, incoming) => newerPage(known as ThreadPage | undefined, incoming as ThreadPage),
    refetchInterval: (of) => {
      if (of.state.error) return false
      if (!live) return POLL_MS
      return of.state.data?.activeRun ? POLL_RUNNING_MS : false
    },
  })
  const refresh = () => void queryClient.invalidateQueries({ queryKey: options.queryKey })
  /** True: the event brought all there is to know. */
  const apply = (event: RoomEvent): boolean => {
    if (!event.message && !event.toolCall) return false
    const known = queryClient.getQueryData(options.queryKey)
    const next = known ? withNews(known, event) : null
    if (next) queryClient.setQueryData(options.queryKey, next)
    return next !== null
  }
  useRoomRefresh(threadId === null ? null : `thread:${threadId}`, refresh, {
    everyMs: 150,
    accepts: (event) => !apply(event),
  })

  const oldest = earlier?.messages[0] ?? query.data?.messages[0]
  const loadEarlier = async () => {
    if (threadId === null || !oldest) return
    setLoadingEarlier(true)
    try {
      const page = await queryClient.fetchQuery(trpc.chat.read.queryOptions({ threadId, beforeSeq: oldest.seq }))
      setOlder({ threadId, messages: [...page.messages, ...(earlier?.messages ?? [])], more: page.more })
    } finally {
      setLoadingEarlier(false)
    }
  }
  const data = query.data && {
    ...query.data,
    messages: earlier ? joinPages(earlier.messages, query.data.messages) : query.data.messages,
    more: earlier?.more ?? query.data.more,
  }
  const missing = query.error !== null && toApiError(query.error).code === 'not-found'
  return { ...query, data, missing, refresh, loadEarlier: () => void loadEarlier(), loadingEarlier }
}

/** The newest page slides on as messages arrive; what slid out of it is not lost between the pages that follow. */
export function joinPages(earlier: readonly MessageView[], newest: readonly MessageView[]): MessageView[] {
  const firstSeq = newest[0]?.seq ?? Number.POSITIVE_INFINITY
  return [...earlier.filter((message) => message.seq < firstSeq), ...newest]
}

/** Remembers on the server how far this person has read, while the conversation is in view. */
export function useMarkRead(threadId: string | null, lastSeq: number): void {
  const trpc = useTRPC()
  const api = useTRPCClient()
  const queryClient = useQueryClient()
  const mark = useEffectEvent(async (id: string, seq: number) => {
    try {
      await api.chat.markRead.mutate({ threadId: id, seq })
      await queryClient.invalidateQueries(trpc.chat.threads.queryFilter())
    } catch {
      // A mark that is lost is made by the next message or visit.
    }
  })
  useEffect(() => {
    if (threadId === null || lastSeq === 0) return
    const whenSeen = () => {
      if (document.visibilityState === 'visible') void mark(threadId, lastSeq)
    }
    // Not while the words appear: the mark is no hurry of anybody.
    const timer = setTimeout(whenSeen, 1200)
    document.addEventListener('visibilitychange', whenSeen)
    return () => {
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', whenSeen)
    }
  }, [threadId, lastSeq])
}
