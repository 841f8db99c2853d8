'use client'
import type { AuditView } from '@clawbernetes/protocol/views/audit'
import { useState } from 'react'
import { Button } from '@/ui/button'
import { ClockTime } from '@/ui/clock'
import { CopyButton } from '@/ui/copy-button'
import { CodeBlock } from '@/ui/disclosure'
import { Sheet } from '@/ui/sheet'
import { Table, TableHead, Td, Th } from '@/ui/table'
import { doorName } from './door-name'

const utc = (at: string): string => `${at.slice(0, 19).replace('T', ' ')} UTC`

const ipOf = (entry: AuditView): string | null => (typeof entry.data.ip === 'string' ? entry.data.ip : null)

function Row({ entry, onOpen }: { entry: AuditView; onOpen: () => void }) {
  const ip = ipOf(entry)
  return (
    <tr>
      <Td className="whitespace-nowrap">
        <ClockTime value={entry.at} seconds />
        <span className="block text-xs text-muted">{utc(entry.at)}</span>
      </Td>
      <Td>
        {entry.actor.name}
        {entry.actor.kind === 'person' || entry.actor.kind === entry.actor.name.toLowerCase() ? null : (
          <span className="block text-xs text-muted">{entry.actor.kind}</span>
        )}
        {entry.onBehalfOf ? <span className="block text-xs text-muted">for {entry.onBehalfOf}</span> : null}
      </Td>
      <Td>
        {doorName(entry.via)}
        {ip ? <span className="block text-xs break-all text-muted">{ip}</span> : null}
      </Td>
      <Td className="font-mono text-xs">{entry.action}</Td>
      <Td className="min-w-48 break-all">{entry.target}</Td>
      <Td>
        <Button size="sm" variant="quiet" onClick={onOpen} aria-haspopup="dialog">
          #{entry.seq}
          <span className="sr-only">, open</span>
        </Button>
      </Td>
    </tr>
  )
}

/** One entry as it is stored, with its place in the chain. */
function EntrySheet({ entry, onClose }: { entry: AuditView; onClose: () => void }) {
  const json = JSON.stringify(entry, null, 2)
  return (
    <Sheet open onOpenChange={(open) => (open ? undefined : onClose())} title={`Entry ${entry.seq}: ${entry.action}`}>
      <div className="grid gap-3 overflow-y-auto p-4">
        <dl className="grid grid-cols-[max-content_1fr] gap-x-3 gap-y-1">
          <dt className="text-muted">Time</dt>
          <dd className="m-0">{utc(entry.at)}</dd>
          <dt className="text-muted">Who</dt>
          <dd className="m-0">
            {entry.actor.name} via {doorName(entry.via)}
            {entry.onBehalfOf ? `, for ${entry.onBehalfOf}` : ''}
          </dd>
          <dt className="text-muted">IP address</dt>
          <dd className="m-0 break-all">{ipOf(entry) ?? 'not recorded'}</dd>
          <dt className="text-muted">Target</dt>
          <dd className="m-0 break-all">{entry.target}</dd>
          <dt className="text-muted">Hash</dt>
          <dd className="m-0 font-mono text-xs break-all">{entry.hash}</dd>
          <dt className="text-muted">After</dt>
          <dd className="m-0 font-mono text-xs break-all">{entry.prevHash}</dd>
        </dl>
        <CodeBlock label={`Entry ${entry.seq} as JSON`}>{json}</CodeBlock>
        <div>
          <CopyButton text={json} label="Copy as JSON" />
        </div>
      </div>
    </Sheet>
  )
}

export function AuditEntries({ entries }: { entries: readonly AuditView[] }) {
  const [open, setOpen] = useState<AuditView | null>(null)
  return (
    <div className="panel min-w-0">
      <Table label="Audit log">
        <TableHead>
          <tr>
            <Th>Time</Th>
            <Th>Who</Th>
            <Th>Via</Th>
            <Th>Action</Th>
            <Th>Target</Th>
            <Th>Entry</Th>
          </tr>
        </TableHead>
        <tbody>
          {entries.map((entry) => (
            <Row key={entry.seq} entry={entry} onOpen={() => setOpen(entry)} />
          ))}
        </tbody>
      </Table>
      {open ? <EntrySheet entry={open} onClose={() => setOpen(null)} /> : null}
    </div>
  )
}
