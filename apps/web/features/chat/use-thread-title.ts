'use client'
import { useQuery } from '@tanstack/react-query'
import { useTRPC } from '@/trpc/client'

/** What a conversation is called; it is known from reading it, so nothing more is asked for. */
export function useThreadTitle(threadId: string | null): string {
  const trpc = useTRPC()
  const read = useQuery(trpc.chat.read.queryOptions({ threadId: threadId ?? '' }, { enabled: false }))
  if (threadId === null) return 'New conversation'
  return read.data?.thread.title ?? 'Conversation'
}
