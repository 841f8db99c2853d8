'use client'
import type { ApiKeyView } from '@clawbernetes/protocol/views/api-key'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, useSyncExternalStore } from 'react'
import { useCan } from '@/features/identity/session'
import { toApiError, useTRPC } from '@/trpc/client'
import { Button } from '@/ui/button'
import { Card } from '@/ui/card'
import { RelativeTime } from '@/ui/clock'
import { CopyButton } from '@/ui/copy-button'
import { EmptyState } from '@/ui/empty-state'
import { InlineError } from '@/ui/inline-error'
import { SkeletonRows } from '@/ui/skeleton'
import { StatusPill, type Tone } from '@/ui/status-pill'
import { Table, TableHead, Td, Th } from '@/ui/table'
import { NewApiKey } from './new-api-key'
import { ShownOnce } from './shown-once'

/** A plan may make a key while this page is open. */
const LOOK_AGAIN_MS = 10_000
const STATES = {
  active: { tone: 'ok', shape: '●', word: 'Active' },
  expired: { tone: 'pend', shape: '◷', word: 'Expired' },
  revoked: { tone: 'pend', shape: '✕', word: 'Revoked' },
} as const satisfies Record<ApiKeyView['state'], { tone: Tone; shape: string; word: string }>

/** API keys of the person; those who manage members see and revoke everybody's. */
export function ApiKeysSection() {
  const trpc = useTRPC()
  const everyone = useCan('manageMembers')
  const keys = useQuery({
    ...trpc.apiKeys.list.queryOptions({ of: everyone ? 'all' : 'me' }),
    refetchInterval: LOOK_AGAIN_MS,
  })
  const failure = keys.error && !keys.data ? toApiError(keys.error) : null
  return (
    <div className="grid gap-3">
      <Card
        title="New API key"
        note="For the claw command, the HTTP API and other agents. It acts as you, never with more rights than you have."
      >
        <NewApiKey />
      </Card>
      <UseIt />
      <WaitingKeys keys={keys.data?.filter((key) => key.pickUpUntil !== null) ?? []} />
      <Card title="API keys" note="Revoking ends every call with the key at once." bodyClassName="p-0">
        {failure ? (
          <InlineError
            className="m-3"
            title="The API keys could not be loaded"
            detail={failure.message}
            onRetry={() => void keys.refetch()}
          />
        ) : null}
        {keys.data?.length === 0 ? (
          <EmptyState title="No keys yet">A key lets a program act for you in this organisation.</EmptyState>
        ) : null}
        {keys.data && keys.data.length > 0 ? <KeyTable keys={keys.data} /> : null}
        {keys.data || failure ? null : <SkeletonRows rows={3} label="Loading API keys" className="p-3" />}
      </Card>
    </div>
  )
}

/** Where a key is good for something. The address is that of this page, which the server does not know while it renders. */
function UseIt() {
  const origin = useSyncExternalStore(
    neverChanges,
    () => window.location.origin,
    () => '',
  )
  const lines = [
    { label: 'The claw command, one file for Node 20', code: `curl -fsSO ${origin}/claw/claw.mjs` },
    { label: 'The HTTP API, described', code: `${origin}/api/v1` },
    { label: 'For other agents, Model Context Protocol', code: `${origin}/api/mcp` },
  ]
  return (
    <Card title="Use it" note="Each takes the key as Authorization: Bearer, or from CLAWBERNETES_API_KEY.">
      <dl className="grid gap-2">
        {lines.map(({ label, code }) => (
          <div key={label} className="flex flex-wrap items-center gap-2">
            <dt className="w-full text-sm text-muted sm:w-64">{label}</dt>
            <dd className="flex min-w-0 items-center gap-2">
              <code className="min-w-0 font-mono text-sm break-all">{code}</code>
              <CopyButton text={code} label={`Copy: ${label}`} iconOnly />
            </dd>
          </div>
        ))}
      </dl>
    </Card>
  )
}

const neverChanges = () => () => {}

/** Keys that a plan made wait here for their owner, who sees each once. */
function WaitingKeys({ keys }: { keys: ApiKeyView[] }) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [shown, setShown] = useState<{ name: string; token: string } | null>(null)
  const pickUp = useMutation(
    trpc.apiKeys.pickUp.mutationOptions({
      onSettled: () => queryClient.invalidateQueries(trpc.apiKeys.list.queryFilter()),
    }),
  )
  if (shown) return <ShownOnce {...shown} onDone={() => setShown(null)} />
  if (keys.length === 0) return null
  return (
    <Card
      title="Waiting for you"
      note="Made by a plan you asked for. Each is shown once; what is not picked up in time is revoked."
    >
      <ul className="grid gap-2">
        {keys.map((key) => (
          <li key={key.id} className="flex flex-wrap items-center gap-2">
            <span className="font-semibold">{key.name}</span>
            <span className="text-muted">
              expires <RelativeTime value={key.pickUpUntil ?? key.createdAt} />
            </span>
            <Button
              size="sm"
              variant="primary"
              pending={pickUp.isPending}
              onClick={() =>
                pickUp.mutate({ apiKeyId: key.id }, { onSuccess: ({ token }) => setShown({ name: key.name, token }) })
              }
            >
              Show once<span className="sr-only">: {key.name}</span>
            </Button>
          </li>
        ))}
      </ul>
      {pickUp.error ? (
        <InlineError className="mt-2" title="The key could not be shown" detail={toApiError(pickUp.error).message} />
      ) : null}
    </Card>
  )
}

function KeyTable({ keys }: { keys: ApiKeyView[] }) {
  return (
    <Table label="API keys">
      <TableHead>
        <tr>
          <Th>Key</Th>
          <Th>State</Th>
          <Th>Scopes</Th>
          <Th>Last used</Th>
          <Th>Expires</Th>
          <Th>
            <span className="sr-only">Actions</span>
          </Th>
        </tr>
      </TableHead>
      <tbody>
        {keys.map((key) => (
          <KeyRow key={key.id} apiKey={key} />
        ))}
      </tbody>
    </Table>
  )
}

function KeyRow({ apiKey }: { apiKey: ApiKeyView }) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const revoke = useMutation(
    trpc.apiKeys.revoke.mutationOptions({
      onSettled: () => queryClient.invalidateQueries(trpc.apiKeys.list.queryFilter()),
    }),
  )
  const state = STATES[apiKey.state]
  return (
    <tr>
      <Td>
        {apiKey.name} <code className="font-mono text-xs text-muted">…{apiKey.hint}</code>
        <span className="block text-muted">of {apiKey.mine ? 'you' : apiKey.owner.name}</span>
      </Td>
      <Td>
        <StatusPill tone={state.tone} shape={state.shape}>
          {state.word}
        </StatusPill>
        {revoke.error ? <span className="block text-crit">{toApiError(revoke.error).message}</span> : null}
      </Td>
      <Td>{apiKey.scopes.join(', ')}</Td>
      <Td>
        {apiKey.lastUsedAt ? <RelativeTime value={apiKey.lastUsedAt} /> : <span className="text-muted">never</span>}
      </Td>
      <Td>
        {apiKey.expiresAt ? <RelativeTime value={apiKey.expiresAt} /> : <span className="text-muted">never</span>}
      </Td>
      <Td className="text-right">
        {apiKey.state === 'active' ? (
          <Button
            size="sm"
            variant="danger"
            pending={revoke.isPending}
            onClick={() => revoke.mutate({ apiKeyId: apiKey.id })}
          >
            Revoke<span className="sr-only"> {apiKey.name}</span>
          </Button>
        ) : null}
      </Td>
    </tr>
  )
}
