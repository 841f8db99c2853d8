import type { NodeDetail } from '@clawbernetes/protocol/views/node'
import { presentReplicaPhase } from '@/features/workloads/replica-phase'
import { Card } from '@/ui/card'
import { RelativeTime } from '@/ui/clock'
import { EmptyState } from '@/ui/empty-state'
import { RowLink } from '@/ui/row-link'
import { StatusText } from '@/ui/status-pill'
import { Table, TableHead, Td, Th } from '@/ui/table'

/** Replicas that are on this node now. */
export function NodeWorkloads({ node }: { node: NodeDetail }) {
  if (node.replicas.length === 0)
    return (
      <Card title="Workloads">
        <EmptyState title="Nothing runs here">
          {node.gpusFree > 0
            ? `${node.gpusFree} of ${node.gpusTotal} GPUs could be taken now.`
            : node.cordon
              ? 'It is cordoned, so nothing new is placed here.'
              : 'No GPU of it could be taken now.'}
        </EmptyState>
      </Card>
    )
  return (
    <Card title="Workloads" note={`${node.gpusAllocated} of ${node.gpusTotal} GPUs allocated`} bodyClassName="p-0">
      <Table label={`Replicas on ${node.name}`}>
        <TableHead>
          <tr>
            <Th>Workload</Th>
            <Th>Replica</Th>
            <Th>Phase</Th>
            <Th>GPUs</Th>
            <Th numeric>Started</Th>
          </tr>
        </TableHead>
        <tbody>
          {node.replicas.map((replica) => {
            const phase = presentReplicaPhase(replica.phase)
            return (
              <tr key={replica.id}>
                <Td>
                  <RowLink href={`/workloads/${replica.workloadId}`} className="link">
                    {replica.workloadName}
                  </RowLink>
                </Td>
                <Td>{replica.ordinal}</Td>
                <Td>
                  <StatusText tone={phase.tone} shape={phase.shape}>
                    {phase.word}
                    {replica.desired === 'stop' ? ', asked to stop' : ''}
                  </StatusText>
                </Td>
                <Td>{replica.gpuIndexes.length === 0 ? 'none' : replica.gpuIndexes.join(', ')}</Td>
                <Td numeric>{replica.startedAtMs === null ? '—' : <RelativeTime value={replica.startedAtMs} />}</Td>
              </tr>
            )
          })}
        </tbody>
      </Table>
    </Card>
  )
}
