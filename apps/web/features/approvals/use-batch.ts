'use client'
import type { PlanListItem } from '@clawbernetes/protocol/views/plan'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { toApiError, useTRPC } from '@/trpc/client'
import { batchWords, whyNotTogether } from './batch'

/** Marked plans of the list, and their approval one after the other: one decision and one record each. */
export function useBatch(items: readonly PlanListItem[], say: (words: string) => void) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const decide = useMutation({ ...trpc.approvals.decide.mutationOptions(), networkMode: 'always' })
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set())
  const [busy, setBusy] = useState(false)
  // What was decided or has expired is no longer marked.
  const chosen = items.filter((item) => marked.has(item.id))
  const refusal = whyNotTogether(chosen)
  const approve = async () => {
    if (busy || chosen.length === 0) return
    if (refusal) return say(refusal)
    setBusy(true)
    const results: { label: string; refusal: string | null }[] = []
    for (const item of chosen) {
      try {
        const decided = await decide.mutateAsync({
          planId: item.id,
          revision: item.revision,
          digest: item.digest,
          decision: 'approve',
        })
        results.push({ label: item.label, refusal: decided.state === 'approved' ? null : decided.text })
      } catch (error) {
        results.push({ label: item.label, refusal: toApiError(error).message })
      }
    }
    setBusy(false)
    setMarked(new Set())
    say(batchWords(results))
    await queryClient.invalidateQueries(trpc.plans.list.queryFilter())
  }
  return {
    chosen,
    refusal,
    busy,
    isMarked: (id: string) => marked.has(id),
    toggle: (id: string) => {
      const next = new Set(marked)
      if (!next.delete(id)) next.add(id)
      setMarked(next)
      const count = items.filter((item) => next.has(item.id)).length
      say(count === 0 ? 'Nothing is selected.' : `${count} selected.`)
    },
    clear: () => setMarked(new Set()),
    approve,
  }
}
