'use client'
import type { PageContext } from '@clawbernetes/protocol/views/chat'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useEffectEvent, useState } from 'react'
import { toApiError, useTRPC } from '@/trpc/client'
import { randomKey } from '@/ui/random-key'

export type Outgoing = {
  text: string
  /** sent: the server has it; it stays here until the conversation shows it. */
  state: 'sending' | 'sent' | 'failed'
  error: string | null
  clientKey: string
  context: PageContext | null
  messageId: string | null
  /** The conversation it was written in; null started a new one. */
  threadId: string | null
}

/** The event that shows a message comes within milliseconds; if it was lost, the conversation is read. */
const EVENT_LOST_MS = 1500

/**
 * Sends a message. It is on screen at once and the same key goes with every retry, so that a repeated send is one
 * message; what failed is kept with its words until it is sent or taken back.
 */
export function useSend(threadId: string | null, onThread: (threadId: string) => void) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [latest, setOutgoing] = useState<Outgoing | null>(null)
  // What was written in another conversation waits there.
  const outgoing = latest?.threadId === threadId ? latest : null
  const mutation = useMutation({
    ...trpc.chat.send.mutationOptions(),
    networkMode: 'always',
    // A request that never arrived, or whose answer was lost, is sent again: the key makes it one message.
    retry: (failures, error) => failures < 2 && toApiError(error).code === 'unreachable',
    retryDelay: (failures) => 400 * 3 ** failures,
  })
  const readAgain = useEffectEvent(() => void queryClient.invalidateQueries(trpc.chat.read.queryFilter()))
  const waiting = outgoing?.state === 'sent'
  useEffect(() => {
    if (!waiting) return
    const timer = setTimeout(() => readAgain(), EVENT_LOST_MS)
    return () => clearTimeout(timer)
  }, [waiting])

  const deliver = async (message: Outgoing) => {
    const { text, clientKey, context } = message
    const request = mutation.mutateAsync({ threadId: message.threadId, text, clientKey, context })
    // The request leaves before the page is drawn with the message on it. A failure is told below.
    request.catch(() => {})
    await new Promise((resolve) => setTimeout(resolve, 0))
    setOutgoing({ ...message, state: 'sending', error: null })
    try {
      const sent = await request
      setOutgoing({ ...message, state: 'sent', error: null, messageId: sent.messageId, threadId: sent.threadId })
      if (sent.threadId !== message.threadId) onThread(sent.threadId)
    } catch (error) {
      setOutgoing({ ...message, state: 'failed', error: toApiError(error).message })
    }
  }
  return {
    outgoing,
    send: (text: string, context: PageContext | null, clientKey: string = randomKey()) =>
      void deliver({ text, state: 'sending', error: null, clientKey, context, messageId: null, threadId }),
    retry: () => {
      if (outgoing) void deliver(outgoing)
    },
    takeBack: () => setOutgoing(null),
  }
}
