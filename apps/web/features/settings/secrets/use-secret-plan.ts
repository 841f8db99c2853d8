'use client'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { toApiError, useTRPC } from '@/trpc/client'

const LOOK_MS = 500
/** The worker drafts in well under a second; one that is down is said to be. */
const GIVE_UP_MS = 20_000

export type SecretAction = 'create' | 'rotate' | 'delete'
export type AskedSecret = ReturnType<typeof useSecretPlan>

type Asked = { threadId: string; action: SecretAction; name: string; sinceMs: number }

/** Asks for a plan, and follows the conversation that was made for it until its card, or the reason why there is none, is there. */
export function useSecretPlan() {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [asked, setAsked] = useState<Asked | null>(null)
  const request = useMutation(trpc.secrets.requestPlan.mutationOptions())
  const thread = useQuery(
    trpc.chat.read.queryOptions(
      { threadId: asked?.threadId ?? '' },
      {
        enabled: asked !== null,
        refetchInterval: ({ state }) => (state.data?.messages.length || isLate(asked) ? false : LOOK_MS),
      },
    ),
  )
  const note = asked ? thread.data?.messages.find((message) => message.role === 'agent') : undefined
  const block = note?.blocks.find((candidate) => candidate.type === 'plan')
  const planId = block?.type === 'plan' ? block.planId : null
  const late = asked !== null && !note && isLate(asked) && thread.dataUpdatedAt > 0
  return {
    drafting: request.isPending || (asked !== null && !note && !late && !thread.error),
    /** The plan that was drawn for the last press; null: none yet, or none came of it. */
    planId,
    refusal: request.error
      ? toApiError(request.error).message
      : thread.error
        ? toApiError(thread.error).message
        : late
          ? 'The worker has not answered yet. The card comes here and into Approvals when it does.'
          : note && planId === null
            ? note.text
            : null,
    forget: () => {
      setAsked(null)
      request.reset()
    },
    ask: async (action: SecretAction, name: string, service: string | null = null): Promise<boolean> => {
      setAsked(null)
      try {
        const { threadId } = await request.mutateAsync({ action, name, service })
        setAsked({ threadId, action, name, sinceMs: Date.now() })
        await queryClient.invalidateQueries(trpc.plans.list.queryFilter())
        return true
      } catch {
        // The mutation keeps what the server said.
        return false
      }
    },
  }
}

const isLate = (asked: Asked | null): boolean => asked !== null && Date.now() - asked.sinceMs > GIVE_UP_MS
