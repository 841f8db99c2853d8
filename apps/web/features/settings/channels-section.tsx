'use client'
import { CHANNEL_KINDS, CHANNEL_NAMES, type ChannelKind } from '@clawbernetes/protocol/views/channel'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useCan, useSession } from '@/features/identity/session'
import { useRoomRefresh } from '@/features/live/use-live'
import { toApiError, useTRPC } from '@/trpc/client'
import { Button } from '@/ui/button'
import { Card } from '@/ui/card'
import { EmptyState } from '@/ui/empty-state'
import { InlineError, Notice } from '@/ui/inline-error'
import { SkeletonRows } from '@/ui/skeleton'
import { ConnectDialog } from './channels/connect-dialog'
import { ConnectionCard } from './channels/connection-card'

/** Slack workspaces and Discord servers: what is connected, who may decide there, and what is told in which channel. */
export function ChannelsSection() {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const manages = useCan('manageChannels')
  const { organization } = useSession()
  const [connecting, setConnecting] = useState<{ kind: ChannelKind; connectionId: string | null } | null>(null)
  const channels = useQuery(trpc.channels.list.queryOptions())
  useRoomRefresh(`org:${organization.id}`, () => void queryClient.invalidateQueries(trpc.channels.list.queryFilter()), {
    accepts: (event) => event.kind === 'channel.changed',
  })
  const failure = channels.error && !channels.data ? toApiError(channels.error) : null
  return (
    <div className="grid gap-3">
      {manages ? (
        <div className="flex flex-wrap items-center gap-2">
          {CHANNEL_KINDS.map((kind) => (
            <Button
              key={kind}
              variant={channels.data?.length === 0 ? 'primary' : 'secondary'}
              onClick={() => setConnecting({ kind, connectionId: null })}
            >
              Connect {CHANNEL_NAMES[kind]}
            </Button>
          ))}
        </div>
      ) : (
        <Notice>Connecting and changing channels needs the role admin.</Notice>
      )}
      {failure ? (
        <InlineError
          title="The channels could not be loaded"
          detail={failure.message}
          onRetry={() => void channels.refetch()}
        />
      ) : null}
      {channels.data?.length === 0 ? (
        <Card title="Channels">
          <EmptyState title="Nothing is connected">
            Connect Slack or Discord to talk to the agent there, and to approve or reject plans with the rights that you
            have here.
          </EmptyState>
        </Card>
      ) : null}
      {channels.data?.map((connection) => (
        <ConnectionCard
          key={connection.id}
          connection={connection}
          onReplaceTokens={() => setConnecting({ kind: connection.kind, connectionId: connection.id })}
        />
      ))}
      {channels.data || failure ? null : <SkeletonRows rows={4} label="Loading channels" className="p-3" />}
      {connecting ? <ConnectDialog {...connecting} onClose={() => setConnecting(null)} /> : null}
    </div>
  )
}
