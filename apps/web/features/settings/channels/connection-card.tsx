'use client'
import { CHANNEL_NAMES, type ChannelConnectionView } from '@clawbernetes/protocol/views/channel'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useCan } from '@/features/identity/session'
import { toApiError, useTRPC } from '@/trpc/client'
import { Button } from '@/ui/button'
import { Card } from '@/ui/card'
import { RelativeTime } from '@/ui/clock'
import { CopyButton } from '@/ui/copy-button'
import { Dialog } from '@/ui/dialog'
import { InlineError, Notice } from '@/ui/inline-error'
import { StatusPill, type Tone } from '@/ui/status-pill'
import { PeopleList } from './people-list'
import { RoomSettings } from './room-settings'
import { TestCard } from './test-card'
import { useOrigin } from './use-origin'

const STATES = {
  checking: { tone: 'pend', shape: '◷', word: 'Checking' },
  active: { tone: 'ok', shape: '●', word: 'Active' },
  broken: { tone: 'crit', shape: '◆', word: 'Broken' },
} as const satisfies Record<ChannelConnectionView['state'], { tone: Tone; shape: string; word: string }>

const ENDPOINT = { slack: '/api/slack/events', discord: '/api/discord/interactions' } as const

/** One workspace or server with everything that can be set about it. */
export function ConnectionCard({
  connection,
  onReplaceTokens,
}: {
  connection: ChannelConnectionView
  onReplaceTokens: () => void
}) {
  const manages = useCan('manageChannels')
  const origin = useOrigin()
  const state = STATES[connection.state]
  const platform = CHANNEL_NAMES[connection.kind]
  return (
    <Card
      title={`${platform}${connection.teamName ? ` · ${connection.teamName}` : ''}`}
      note={
        <StatusPill tone={state.tone} shape={state.shape}>
          {state.word}
        </StatusPill>
      }
      actions={manages ? <Actions connection={connection} onReplaceTokens={onReplaceTokens} /> : null}
      bodyClassName="grid gap-4"
    >
      {connection.problem ? (
        connection.state === 'broken' ? (
          <InlineError title={`The connection to ${platform} does not work`} detail={connection.problem} />
        ) : (
          <Notice tone="warn">{connection.problem}</Notice>
        )
      ) : null}
      <p className="text-sm text-muted">
        {connection.botName ? `As ${connection.botName}. ` : null}Connected by {connection.createdBy}{' '}
        <RelativeTime value={connection.createdAt} />
        {connection.checkedAt ? (
          <>
            , checked <RelativeTime value={connection.checkedAt} />
          </>
        ) : null}
        .
      </p>
      <div className="flex flex-wrap items-center gap-2 text-sm">
        <span className="text-muted">{connection.kind === 'slack' ? 'Request URL' : 'Interactions endpoint URL'}</span>
        <code className="min-w-0 font-mono text-xs break-all">
          {origin}
          {ENDPOINT[connection.kind]}
        </code>
        <CopyButton text={`${origin}${ENDPOINT[connection.kind]}`} label="Copy the address" iconOnly />
      </div>
      <RoomSettings connection={connection} editable={manages} />
      {manages ? <TestCard connection={connection} /> : null}
      <PeopleList connection={connection} />
    </Card>
  )
}

function Actions({ connection, onReplaceTokens }: { connection: ChannelConnectionView; onReplaceTokens: () => void }) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [asking, setAsking] = useState(false)
  const onSettled = () => queryClient.invalidateQueries(trpc.channels.list.queryFilter())
  const refresh = useMutation(trpc.channels.refresh.mutationOptions({ onSettled }))
  const disconnect = useMutation(trpc.channels.disconnect.mutationOptions({ onSettled }))
  const { id: connectionId } = connection
  const platform = CHANNEL_NAMES[connection.kind]
  return (
    <>
      <Button size="sm" pending={refresh.isPending} onClick={() => refresh.mutate({ connectionId })}>
        Check again<span className="sr-only">: {platform}</span>
      </Button>
      <Button size="sm" onClick={onReplaceTokens}>
        New tokens<span className="sr-only"> for {platform}</span>
      </Button>
      <Button size="sm" variant="danger" onClick={() => setAsking(true)}>
        Disconnect<span className="sr-only"> {platform}</span>
      </Button>
      <Dialog
        open={asking}
        onOpenChange={setAsking}
        title={`Disconnect ${platform}${connection.teamName ? ` · ${connection.teamName}` : ''}`}
        description="The tokens and the links between accounts are deleted. Messages stay in the channels; their buttons do nothing any more."
        footer={
          <>
            <Button onClick={() => setAsking(false)}>Cancel</Button>
            <Button variant="danger" pending={disconnect.isPending} onClick={() => disconnect.mutate({ connectionId })}>
              Disconnect
            </Button>
          </>
        }
      >
        {disconnect.error ? (
          <InlineError title="Nothing was disconnected" detail={toApiError(disconnect.error).message} />
        ) : null}
      </Dialog>
    </>
  )
}
