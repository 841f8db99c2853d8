'use client'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useSession } from '@/features/identity/session'
import { useRoomRefresh } from '@/features/live/use-live'
import { toApiError, useTRPC } from '@/trpc/client'
import { Card } from '@/ui/card'
import { EmptyState } from '@/ui/empty-state'
import { InlineError } from '@/ui/inline-error'
import { SkeletonRows } from '@/ui/skeleton'
import { AddSecret } from './secrets/add-secret'
import { SecretCards } from './secrets/secret-cards'
import { SecretTable } from './secrets/secret-table'
import { useSecretPlan } from './secrets/use-secret-plan'

/** Names of secrets, never values. Every change is a plan: its card is drawn here, and its secret field takes the value. */
export function SecretsSection() {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const { organization } = useSession()
  const secrets = useQuery(trpc.secrets.list.queryOptions())
  const asked = useSecretPlan()
  useRoomRefresh(
    `org:${organization.id}`,
    () => {
      void queryClient.invalidateQueries(trpc.secrets.list.queryFilter())
      void queryClient.invalidateQueries(trpc.plans.list.queryFilter())
    },
    { accepts: (event) => event.kind.startsWith('plan.') },
  )
  const failure = secrets.error && !secrets.data ? toApiError(secrets.error) : null
  return (
    <div className="grid gap-3">
      <Card
        title="Add a secret"
        note="A plan is drawn first; its card has the field for the value. Values are never typed into the chat."
      >
        <AddSecret asked={asked} />
      </Card>
      <SecretCards asked={asked} />
      <Card
        title="Secrets"
        note="Names alone. Nobody can read a value back."
        bodyClassName={secrets.data?.length ? 'p-0' : undefined}
      >
        {failure ? (
          <InlineError
            title="The secrets could not be loaded"
            detail={failure.message}
            requestId={failure.requestId ?? undefined}
            onRetry={() => void secrets.refetch()}
            retrying={secrets.isFetching}
          />
        ) : null}
        {secrets.data?.length === 0 ? (
          <EmptyState title="No secrets are stored">
            Tokens and passwords that workloads need: they name the secret, and the value reaches only the node that
            runs them.
          </EmptyState>
        ) : null}
        {secrets.data && secrets.data.length > 0 ? <SecretTable secrets={secrets.data} asked={asked} /> : null}
        {secrets.data || failure ? null : <SkeletonRows rows={3} label="Loading secrets" />}
      </Card>
    </div>
  )
}
