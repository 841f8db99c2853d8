'use client'
import type { inferRouterOutputs } from '@trpc/server'
import type { AppRouter } from '@/trpc/router'
import { useCan } from '@/features/identity/session'
import { Button } from '@/ui/button'
import { RelativeTime } from '@/ui/clock'
import { RowLink } from '@/ui/row-link'
import { Table, TableHead, Td, Th } from '@/ui/table'
import type { AskedSecret } from './use-secret-plan'

type Secret = inferRouterOutputs<AppRouter>['secrets']['list'][number]

const NO_RIGHT = 'Proposing changes needs the role operator'

function Row({ secret, asked }: { secret: Secret; asked: AskedSecret }) {
  const mayPropose = useCan('propose')
  const blocked = !mayPropose || asked.drafting
  return (
    <tr>
      <Td>
        <code className="font-mono break-all">{secret.name}</code>
        <span className="block text-xs text-muted">
          version {secret.version}
          {secret.service ? `, for ${secret.service}` : ''}
        </span>
      </Td>
      <Td>
        {secret.createdBy}
        <span className="block text-xs text-muted">
          <RelativeTime value={secret.createdAt} />
        </span>
      </Td>
      <Td>
        {secret.rotatedAt ? (
          <>
            {secret.rotatedBy}
            <span className="block text-xs text-muted">
              <RelativeTime value={secret.rotatedAt} />
            </span>
          </>
        ) : (
          <span className="text-muted">never</span>
        )}
      </Td>
      <Td>
        {secret.workloads.length === 0 ? <span className="text-muted">none that runs</span> : null}
        {secret.workloads.map((workload) => (
          <RowLink key={workload.id} href={`/workloads/${workload.id}`} className="link block break-all">
            {workload.name}
          </RowLink>
        ))}
      </Td>
      <Td className="text-right whitespace-nowrap">
        <span className="inline-flex gap-2">
          <Button
            size="sm"
            aria-disabled={blocked}
            title={mayPropose ? undefined : NO_RIGHT}
            onClick={() => void asked.ask('rotate', secret.name)}
          >
            Rotate…<span className="sr-only"> {secret.name}</span>
          </Button>
          <Button
            size="sm"
            variant="danger"
            aria-disabled={blocked}
            title={mayPropose ? undefined : NO_RIGHT}
            onClick={() => void asked.ask('delete', secret.name)}
          >
            Delete…<span className="sr-only"> {secret.name}</span>
          </Button>
        </span>
      </Td>
    </tr>
  )
}

export function SecretTable({ secrets, asked }: { secrets: readonly Secret[]; asked: AskedSecret }) {
  return (
    <Table label="Secrets">
      <TableHead>
        <tr>
          <Th>Name</Th>
          <Th>Made by</Th>
          <Th>Changed by</Th>
          <Th>Used by</Th>
          <Th>
            <span className="sr-only">Actions</span>
          </Th>
        </tr>
      </TableHead>
      <tbody>
        {secrets.map((secret) => (
          <Row key={secret.name} secret={secret} asked={asked} />
        ))}
      </tbody>
    </Table>
  )
}
