import type { Assignment, Assignments, ReplicaSpec } from '@clawbernetes/protocol/node/replica'
import type { DbOrTx } from '../context'
import { notFound } from '../errors'

/**
 * What a node is to run: its replicas that are not closed. The version is read before the rows, so that a list can only be
 * newer than its number says; the change that came between has raised the version and rings for another look.
 */
export async function nodeAssignments({ db, nodeId }: { db: DbOrTx; nodeId: string }): Promise<Assignments> {
  const node = await db.node.findUnique({ where: { id: nodeId }, select: { epoch: true, assignmentVersion: true } })
  if (!node) throw notFound('node')
  const replicas = await db.replica.findMany({
    where: { nodeId, closedAt: null, nodeEpoch: node.epoch },
    orderBy: { id: 'asc' },
    select: {
      id: true,
      workloadId: true,
      generation: true,
      desired: true,
      spec: true,
      workload: { select: { name: true } },
    },
  })
  const list = replicas.map(
    (replica): Assignment => ({
      replicaId: replica.id,
      workloadId: replica.workloadId,
      workloadName: replica.workload.name,
      generation: replica.generation,
      desired: replica.desired === 'run' ? 'run' : 'stop',
      // Checked against the protocol's schema when it was written.
      spec: replica.spec as unknown as ReplicaSpec,
    }),
  )
  return { epoch: node.epoch, version: node.assignmentVersion, list }
}
