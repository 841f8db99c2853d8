import type { Assignment, Assignments, ReplicaSpec } from '@clawbernetes/protocol/node/replica'
import type { DbOrTx } from '../context'
import { notFound } from '../errors'
import { resolveSecretEnv } from '../secrets/resolve-secret-env'

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
      orgId: true,
      workloadId: true,
      generation: true,
      desired: true,
      spec: true,
      workload: { select: { name: true } },
    },
  })
  // Checked against the protocol's schema when they were written.
  const specs = await resolveSecretEnv(
    db,
    replicas.map(({ orgId, spec }) => ({ orgId, spec: spec as unknown as ReplicaSpec })),
  )
  const list = replicas.map(
    (replica, i): Assignment => ({
      replicaId: replica.id,
      workloadId: replica.workloadId,
      workloadName: replica.workload.name,
      generation: replica.generation,
      desired: replica.desired === 'run' ? 'run' : 'stop',
      spec: specs[i] as ReplicaSpec,
    }),
  )
  return { epoch: node.epoch, version: node.assignmentVersion, list }
}
