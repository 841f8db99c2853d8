'use client'
import type { CreatedJoinToken, JoinTokenView } from '@clawbernetes/protocol/views/join-token'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useSession } from '@/features/identity/session'
import { useRoomRefresh } from '@/features/live/use-live'
import { useTRPC } from '@/trpc/client'

export type NewToken = { label: string; maxUses: number; expiresInMinutes: number }

/** Makes a join token, and then follows what happens to it. The token itself is only ever in this page's memory. */
export function useJoinToken() {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const { organization } = useSession()
  const [created, setCreated] = useState<CreatedJoinToken | null>(null)
  const refresh = () => void queryClient.invalidateQueries(trpc.joinTokens.list.queryFilter())
  const create = useMutation(
    trpc.joinTokens.create.mutationOptions({
      onSuccess: (made) => {
        setCreated(made)
        refresh()
      },
    }),
  )
  const list = useQuery(trpc.joinTokens.list.queryOptions(undefined, { enabled: created !== null }))
  useRoomRefresh(created === null ? null : `fleet:${organization.id}`, refresh)
  const followed: JoinTokenView | null =
    created === null ? null : (list.data?.find((token) => token.id === created.joinToken.id) ?? created.joinToken)
  return { create, created, followed }
}

export function joinCommand(origin: string, token: string, service: boolean): string {
  return `curl -fsSL ${origin}/join | sh -s -- --token ${token}${service ? ' --service' : ''}`
}
