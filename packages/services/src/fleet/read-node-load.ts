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
    include: { replicas: { where: { closedAt: null }, select: { workload: { select: { name: true } } } } },
  })
  if (!node) throw notFound('node')
  const claims = await db.reservation.count({ where: { nodeId: node.id, releasedAt: null } })
  const over = node.cordonExpiresAt !== null && node.cordonExpiresAt <= now()
  return {
    name: node.name,
    cordoned: node.cordonedAt !== null && !over,
    labels: node.labels as Record<string, string>,
    workloads: [...new Set(node.replicas.map((r) => r.workload.name))].sort(),
    claims,
  }
}
