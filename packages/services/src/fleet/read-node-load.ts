import { ENDED_PHASES } from '@clawbernetes/domain/workloads/workload-status'
import type { SystemCtx } from '../context'
import { notFound } from '../errors'

export interface NodeLoad {
  name: string
  cordoned: boolean
  labels: Record<string, string>
  /** Workloads with a replica that is not closed, and how many GPUs of the node are claimed. */
  workloads: string[]
  claims: number
}

/** What is left on a node, for steps that wait until it is empty or check what they set. */
export async function readNodeLoad(
  { db, now }: SystemCtx,
  input: { orgId: string; nodeId: string },
): Promise<NodeLoad> {
  const node = await db.node.findFirst({
    where: { id: input.nodeId, orgId: input.orgId, removedAt: null },
    include: {
      replicas: {
        where: { closedAt: null, phase: { notIn: [...ENDED_PHASES] } },
        select: { workload: { select: { name: true } } },
      },
    },
  })
  if (!node) throw notFound('node')
  // A shard of a batch that has ended keeps its place on the record until the others have; nothing of it runs.
  const claims = await db.reservation.count({
    where: {
      nodeId: node.id,
      releasedAt: null,
      OR: [{ replicaId: null }, { replica: { phase: { notIn: [...ENDED_PHASES] } } }],
    },
  })
  const over = node.cordonExpiresAt !== null && node.cordonExpiresAt <= now()
  return {
    name: node.name,
    cordoned: node.cordonedAt !== null && !over,
    labels: node.labels as Record<string, string>,
    workloads: [...new Set(node.replicas.map((r) => r.workload.name))].sort(),
    claims,
  }
}
