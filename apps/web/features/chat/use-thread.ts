'use client'
import type { MessageView, PageContext } from '@clawbernetes/protocol/views/chat'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useRoomRefresh } from '@/features/live/use-live'
import { toApiError, useTRPC } from '@/trpc/client'

/** A conversation as stored. Events only ring the bell; the words in between come through the stream store. */
export function useThread(threadId: string | null) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [earlier, setEarlier] = useState<{ messages: MessageView[]; more: boolean } | null>(null)
  const [loadingEarlier, setLoadingEarlier] = useState(false)
  const options = trpc.chat.read.queryOptions({ threadId: threadId ?? '' }, { enabled: threadId !== null })
  const query = useQuery(options)
  const refresh = () => {
    void queryClient.invalidateQueries({ queryKey: options.queryKey })
    void queryClient.invalidateQueries(trpc.chat.threads.queryFilter())
  }
  useRoomRefresh(threadId === null ? null : `thread:${threadId}`, refresh, { everyMs: 150 })

  const oldest = earlier?.messages[0] ?? query.data?.messages[0]
  const loadEarlier = async () => {
    if (threadId === null || !oldest) return
    setLoadingEarlier(true)
    try {
      const page = await queryClient.fetchQuery(trpc.chat.read.queryOptions({ threadId, beforeSeq: oldest.seq }))
      setEarlier((known) => ({ messages: [...page.messages, ...(known?.messages ?? [])], more: page.more }))
    } finally {
      setLoadingEarlier(false)
    }
  }
  const data = query.data && {
    ...query.data,
    messages: earlier ? joinPages(earlier.messages, query.data.messages) : query.data.messages,
    more: earlier?.more ?? query.data.more,
  }
  return { ...query, data, refresh, loadEarlier: () => void loadEarlier(), loadingEarlier }
}

/** The newest page slides on as messages arrive; what slid out of it is not lost between the pages that follow. */
export function joinPages(earlier: readonly MessageView[], newest: readonly MessageView[]): MessageView[] {
  const firstSeq = newest[0]?.seq ?? Number.POSITIVE_INFINITY
  return [...earlier.filter((message) => message.seq < firstSeq), ...newest]
}

export type Outgoing = {
  text: string
  state: 'sending' | 'failed'
  error: string | null
  clientKey: string
  context: PageContext | null
}

/**
 * Sends a message. The same key goes with every retry, so that a repeated send is one message; what failed is kept on
 * screen with its words until it is sent or taken back.
 */
export function useSend(threadId: string | null, onThread: (threadId: string) => void) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [outgoing, setOutgoing] = useState<Outgoing | null>(null)
  const mutation = useMutation({
    ...trpc.chat.send.mutationOptions(),
    networkMode: 'always',
    // A request that never arrived, or whose answer was lost, is sent again: the key makes it one message.
    retry: (failures, error) => failures < 2 && toApiError(error).code === 'unreachable',
    retryDelay: (failures) => 400 * 3 ** failures,
  })

  const deliver = async (message: Outgoing) => {
    setOutgoing({ ...message, state: 'sending', error: null })
    try {
      const sent = await mutation.mutateAsync({
        threadId,
        text: message.text,
        clientKey: message.clientKey,
        context: message.context,
      })
      await queryClient.invalidateQueries(trpc.chat.read.queryFilter({ threadId: sent.threadId }))
      onThread(sent.threadId)
      setOutgoing(null)
      await queryClient.invalidateQueries(trpc.chat.threads.queryFilter())
    } catch (error) {
      setOutgoing({ ...message, state: 'failed', error: toApiError(error).message })
    }
  }
  return {
    outgoing,
    send: (text: string, context: PageContext | null) =>
      void deliver({ text, state: 'sending', error: null, clientKey: crypto.randomUUID(), context }),
    retry: () => {
      if (outgoing) void deliver(outgoing)
    },
    takeBack: () => setOutgoing(null),
  }
}
