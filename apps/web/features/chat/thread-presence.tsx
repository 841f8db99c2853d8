'use client'
import { LookingNow } from '@/features/shell/looking-now'

/** Who else has this conversation open. */
export function ThreadPresence({ threadId }: { threadId: string }) {
  return <LookingNow subject={`thread:${threadId}`} what="this conversation" />
}
