'use client'
import type { PageContext } from '@clawbernetes/protocol/views/chat'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useRoomRefresh } from '@/features/live/use-live'
import { toApiError, useTRPC } from '@/trpc/client'

/** A conversation as stored. Events only ring the bell; the words in between come through the stream store. */
export function useThread(threadId: string | null) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const options = trpc.chat.read.queryOptions({ threadId: threadId ?? '' }, { enabled: threadId !== null })
  const refresh = () => {
    void queryClient.invalidateQueries({ queryKey: options.queryKey })
    void queryClient.invalidateQueries(trpc.chat.threads.queryFilter())
  }
  useRoomRefresh(threadId === null ? null : `thread:${threadId}`, refresh, { everyMs: 150 })
  return { ...useQuery(options), refresh }
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
  const mutation = useMutation(trpc.chat.send.mutationOptions())

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
