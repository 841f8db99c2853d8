'use client'
import { pastedProblem } from '@clawbernetes/domain/channels/channel-setup'
import type { ChannelKind } from '@clawbernetes/protocol/views/channel'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { toApiError, useTRPC } from '@/trpc/client'

/** The two pasted texts of a connection, what is wrong with them, and sending them. The first wrong field takes focus. */
export function useConnect({
  kind,
  connectionId,
  onDone,
}: {
  kind: ChannelKind
  connectionId: string | null
  onDone: () => void
}) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [botToken, setBotToken] = useState('')
  const [second, setSecond] = useState('')
  const [tried, setTried] = useState(false)
  const connect = useMutation(
    trpc.channels.connect.mutationOptions({
      onSuccess: async () => {
        await queryClient.invalidateQueries(trpc.channels.list.queryFilter())
        onDone()
      },
    }),
  )
  const problems = {
    botToken: pastedProblem(kind === 'slack' ? 'slackToken' : 'discordToken', botToken),
    second: pastedProblem(kind === 'slack' ? 'slackSecret' : 'discordGuild', second),
  }
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    setTried(true)
    const wrong = problems.botToken ? 'botToken' : problems.second ? 'second' : null
    if (wrong) event.currentTarget.querySelector<HTMLInputElement>(`[name=${wrong}]`)?.focus()
    else if (kind === 'slack') connect.mutate({ kind, connectionId, botToken, signingSecret: second })
    else connect.mutate({ kind, connectionId, botToken, guildId: second })
  }
  return {
    botToken: { value: botToken, set: setBotToken, error: tried ? problems.botToken : null },
    second: { value: second, set: setSecond, error: tried ? problems.second : null },
    submit,
    pending: connect.isPending,
    failure: connect.error ? toApiError(connect.error).message : null,
  }
}
