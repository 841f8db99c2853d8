'use client'
import type { ReplicaView, WorkloadDetail } from '@clawbernetes/protocol/views/workload'
import { useState } from 'react'
import { Button } from '@/ui/button'
import { Card } from '@/ui/card'
import { RelativeTime } from '@/ui/clock'
import { CopyButton } from '@/ui/copy-button'
import { RowLink } from '@/ui/row-link'
import { StatusText } from '@/ui/status-pill'
import { Table, TableHead, Td, Th } from '@/ui/table'
import { presentReplicaPhase } from '../replica-phase'

/** Its replicas: those that live, and on request those of earlier attempts. */
export function ReplicaTable({ workload }: { workload: WorkloadDetail }) {
  const [showEnded, setShowEnded] = useState(false)
  const live = workload.replicas.filter((replica) => !replica.closed)
  const ended = workload.replicas.length - live.length
  const shown = showEnded || live.length === 0 ? workload.replicas : live
  if (workload.replicas.length === 0) return null
  return (
    <Card
      title="Replicas"
      note={`${workload.replicasRunning} of ${workload.replicasWanted} running`}
      bodyClassName="p-0"
      actions={
        ended > 0 && live.length > 0 ? (
          <Button size="sm" variant="quiet" aria-pressed={showEnded} onClick={() => setShowEnded(!showEnded)}>
            {showEnded ? 'Hide ended' : `Show ${ended} ended`}
          </Button>
        ) : null
      }
    >
      <Table label={`Replicas of ${workload.name}`}>
        <TableHead>
          <tr>
            <Th>Replica</Th>
            <Th>Node</Th>
            <Th>Phase</Th>
            <Th>GPUs</Th>
            <Th>Endpoints</Th>
            <Th numeric>Restarts</Th>
            <Th numeric>Started</Th>
          </tr>
        </TableHead>
        <tbody>
          {shown.map((replica) => (
            <ReplicaRow key={replica.id} replica={replica} />
          ))}
        </tbody>
      </Table>
    </Card>
  )
}

function ReplicaRow({ replica }: { replica: ReplicaView }) {
  const phase = presentReplicaPhase(replica.phase)
  return (
    <tr className={replica.closed ? 'text-muted' : undefined}>
      <Td>
        {replica.ordinal}
        {replica.attempt > 1 ? <span className="text-muted">, attempt {replica.attempt}</span> : null}
      </Td>
      <Td>
        <RowLink href={`/nodes/${replica.node.id}`} className="link whitespace-nowrap">
          {replica.node.name}
        </RowLink>
      </Td>
      <Td>
        <StatusText tone={phase.tone} shape={phase.shape}>
          {phase.word}
          {replica.desired === 'stop' && !replica.closed ? ', asked to stop' : ''}
        </StatusText>
        <Ending replica={replica} />
      </Td>
      <Td>
        {replica.gpus.length === 0
          ? 'none'
          : replica.gpus.map((gpu, index) => (
              <span key={gpu.id}>
                {index > 0 ? ', ' : ''}
                <RowLink href={`/gpus?gpu=${gpu.id}`} className="link" title={gpu.uuid}>
                  {gpu.index}
                </RowLink>
              </span>
            ))}
        {replica.gpuVerified === false ? <span className="text-crit"> ◆ not passed through</span> : null}
      </Td>
      <Td>
        {replica.endpoints.length === 0
          ? 'none'
          : replica.endpoints.map((endpoint) => (
              <span key={endpoint.containerPort} className="flex items-center gap-1">
                <code className="font-mono text-xs">
                  {endpoint.address}:{endpoint.hostPort}
                </code>
                <CopyButton text={`${endpoint.address}:${endpoint.hostPort}`} label="Copy address" iconOnly />
              </span>
            ))}
      </Td>
      <Td numeric>{replica.restarts}</Td>
      <Td numeric>{replica.startedAt === null ? '—' : <RelativeTime value={replica.startedAt} />}</Td>
    </tr>
  )
}

/** How it ended, in words; the cause that the node gave. */
function Ending({ replica }: { replica: ReplicaView }) {
  const parts = [
    replica.oomKilled ? 'killed by the kernel: out of memory' : null,
    replica.signal ? `ended by ${replica.signal}` : null,
    replica.exitCode !== null && !replica.signal ? `exit code ${replica.exitCode}` : null,
    replica.reason?.message ?? null,
  ].filter((part) => part !== null)
  if (parts.length === 0) return null
  return <p className="max-w-80 text-xs text-muted">{parts.join(' · ')}</p>
}
