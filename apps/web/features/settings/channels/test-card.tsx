'use client'
import { testCard } from '@clawbernetes/domain/channels/notices'
import { CHANNEL_NAMES, type ChannelConnectionView } from '@clawbernetes/protocol/views/channel'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useSession } from '@/features/identity/session'
import { toApiError, useTRPC } from '@/trpc/client'
import { Button } from '@/ui/button'
import { Disclosure } from '@/ui/disclosure'
import { SelectField } from '@/ui/field'
import { InlineError } from '@/ui/inline-error'
import { CardPreview } from './card-preview'
import { useOrigin } from './use-origin'

const LOOK_AGAIN_MS = 1000

/** Sends a card into a channel and says whether it arrived; the preview is made of the same parts. */
export function TestCard({ connection }: { connection: ChannelConnectionView }) {
  const trpc = useTRPC()
  const { organization } = useSession()
  const origin = useOrigin()
  const [chosen, setChosen] = useState<string | null>(null)
  const test = useMutation(trpc.channels.test.mutationOptions())
  const postId = test.data?.postId ?? null
  const arrived = useQuery({
    ...trpc.channels.testState.queryOptions({ postId: postId ?? '' }),
    enabled: postId !== null,
    refetchInterval: ({ state }) => (state.data?.state === 'pending' || !state.data ? LOOK_AGAIN_MS : false),
  })
  const room = connection.rooms.find((r) => r.id === chosen) ?? connection.rooms[0]
  const inert = connection.state !== 'active' || !room
  const place = { baseUrl: origin, nonce: 'preview', orgName: organization.name }
  const card = testCard({ ...place, decides: connection.approveRole !== 'nobody' })
  return (
    <div className="grid gap-2">
      <h3 className="font-semibold">Test</h3>
      <div className="flex flex-wrap items-end gap-2">
        <SelectField
          label="Channel"
          value={room?.id ?? ''}
          disabled={inert}
          onChange={(event) => setChosen(event.target.value)}
          className="min-w-[180px]"
        >
          {connection.rooms.map((r) => (
            <option key={r.id} value={r.id}>
              #{r.name}
            </option>
          ))}
        </SelectField>
        <Button
          pending={test.isPending || (postId !== null && (arrived.data?.state ?? 'pending') === 'pending')}
          aria-disabled={inert}
          onClick={() => {
            if (room) test.mutate({ connectionId: connection.id, roomId: room.id })
          }}
        >
          Send a test card
        </Button>
        <span role="status">{arrived.data?.state === 'posted' ? '✓ It stands in the channel.' : ''}</span>
      </div>
      {test.error || arrived.data?.problem ? (
        <InlineError
          title="The test card did not arrive"
          detail={test.error ? toApiError(test.error).message : arrived.data?.problem}
        />
      ) : null}
      <Disclosure summary={`How a plan looks in ${CHANNEL_NAMES[connection.kind]}`}>
        <CardPreview message={card} />
      </Disclosure>
    </div>
  )
}
