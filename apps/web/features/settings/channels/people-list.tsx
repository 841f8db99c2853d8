'use client'
import { CHANNEL_NAMES, type ChannelConnectionView } from '@clawbernetes/protocol/views/channel'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useCan, useSession } from '@/features/identity/session'
import { toApiError, useTRPC } from '@/trpc/client'
import { Button } from '@/ui/button'
import { RelativeTime } from '@/ui/clock'
import { InlineError } from '@/ui/inline-error'

/** Who is who: each account of the platform with the member for whom it speaks. */
export function PeopleList({ connection }: { connection: ChannelConnectionView }) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const manages = useCan('manageChannels')
  const { user } = useSession()
  const unlink = useMutation(
    trpc.channels.unlink.mutationOptions({
      onSettled: () => queryClient.invalidateQueries(trpc.channels.list.queryFilter()),
    }),
  )
  const platform = CHANNEL_NAMES[connection.kind]
  return (
    <div className="grid gap-2">
      <h3 className="font-semibold">Linked people</h3>
      {connection.people.length === 0 ? (
        <p className="text-muted">
          Nobody yet. Whoever writes to the bot in {platform} gets a link that only they see, opens it signed in here,
          and is known from then on.
        </p>
      ) : null}
      <ul className="m-0 grid list-none gap-1 p-0">
        {connection.people.map((person) => (
          <li key={person.externalId} className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <span className="font-semibold break-all">{person.externalName}</span>
            <span className="text-muted">
              speaks for {person.userName}, since <RelativeTime value={person.linkedAt} />
            </span>
            {manages || person.userId === user.id ? (
              <Button
                size="sm"
                variant="quiet"
                pending={unlink.isPending && unlink.variables.externalId === person.externalId}
                onClick={() => unlink.mutate({ connectionId: connection.id, externalId: person.externalId })}
              >
                Unlink<span className="sr-only"> {person.externalName}</span>
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
      {unlink.error ? <InlineError title="Nothing was unlinked" detail={toApiError(unlink.error).message} /> : null}
    </div>
  )
}
