'use client'
import type { JoinTokenView } from '@clawbernetes/protocol/views/join-token'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import Link from 'next/link'
import { ConnectNode } from '@/features/onboarding/connect-node'
import { toApiError, useTRPC } from '@/trpc/client'
import { Button } from '@/ui/button'
import { Card } from '@/ui/card'
import { RelativeTime } from '@/ui/clock'
import { EmptyState } from '@/ui/empty-state'
import { InlineError } from '@/ui/inline-error'
import { SkeletonRows } from '@/ui/skeleton'
import { StatusPill, type Tone } from '@/ui/status-pill'
import { Table, TableHead, Td, Th } from '@/ui/table'

const STATES = {
  active: { tone: 'ok', shape: '●', word: 'Active' },
  'used-up': { tone: 'pend', shape: '✓', word: 'Used up' },
  expired: { tone: 'pend', shape: '◷', word: 'Expired' },
  revoked: { tone: 'pend', shape: '✕', word: 'Revoked' },
} as const satisfies Record<JoinTokenView['state'], { tone: Tone; shape: string; word: string }>

function TokenRow({ token }: { token: JoinTokenView }) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const revoke = useMutation(
    trpc.joinTokens.revoke.mutationOptions({
      onSettled: () => queryClient.invalidateQueries(trpc.joinTokens.list.queryFilter()),
    }),
  )
  const state = STATES[token.state]
  return (
    <tr>
      <Td>
        {token.label} <code className="font-mono text-xs text-muted">…{token.hint}</code>
        <span className="block text-muted">by {token.createdBy.name}</span>
      </Td>
      <Td>
        <StatusPill tone={state.tone} shape={state.shape}>
          {state.word}
        </StatusPill>
        {revoke.error ? <span className="block text-crit">{toApiError(revoke.error).message}</span> : null}
      </Td>
      <Td numeric>
        {token.uses} of {token.maxUses}
      </Td>
      <Td>
        <RelativeTime value={token.expiresAtMs} />
      </Td>
      <Td>
        {token.nodes.length === 0 ? <span className="text-muted">none</span> : null}
        {token.nodes.slice(0, 4).map((node) => (
          <Link key={node.id} className="link mr-2 inline-flex min-h-6 items-center" href={`/nodes/${node.id}`}>
            {node.name}
          </Link>
        ))}
        {token.nodes.length > 4 ? <span className="text-muted">and {token.nodes.length - 4} more</span> : null}
      </Td>
      <Td className="text-right">
        {token.state === 'active' ? (
          <Button
            size="sm"
            variant="danger"
            pending={revoke.isPending}
            onClick={() => revoke.mutate({ joinTokenId: token.id })}
          >
            Revoke<span className="sr-only"> {token.label}</span>
          </Button>
        ) : null}
      </Td>
    </tr>
  )
}

export function JoinTokensSection() {
  const trpc = useTRPC()
  const tokens = useQuery(trpc.joinTokens.list.queryOptions())
  const failure = tokens.error && !tokens.data ? toApiError(tokens.error) : null
  return (
    <div className="grid gap-3">
      <Card title="Connect a machine" note="The command is shown once.">
        <ConnectNode />
      </Card>
      <Card title="Join tokens" note="Revoking stops new machines; nodes that joined stay." bodyClassName="p-0">
        {failure ? (
          <InlineError
            className="m-3"
            title="The join tokens could not be loaded"
            detail={failure.message}
            onRetry={() => void tokens.refetch()}
          />
        ) : null}
        {tokens.data?.length === 0 ? (
          <EmptyState title="No tokens yet">A token lets machines join this organisation.</EmptyState>
        ) : null}
        {tokens.data && tokens.data.length > 0 ? (
          <Table label="Join tokens">
            <TableHead>
              <tr>
                <Th>Token</Th>
                <Th>State</Th>
                <Th numeric>Used</Th>
                <Th>Expires</Th>
                <Th>Nodes</Th>
                <Th>
                  <span className="sr-only">Actions</span>
                </Th>
              </tr>
            </TableHead>
            <tbody>
              {tokens.data.map((token) => (
                <TokenRow key={token.id} token={token} />
              ))}
            </tbody>
          </Table>
        ) : null}
        {tokens.data || failure ? null : <SkeletonRows rows={3} label="Loading join tokens" className="p-3" />}
      </Card>
    </div>
  )
}
