import type { SystemCtx } from '../context'
import { notFound } from '../errors'

/** Where a replica was put, and whether it is over. */
export async function replicaNode(
  { db }: SystemCtx,
  input: { orgId: string; replicaId: string },
): Promise<{ nodeId: string; ended: boolean }> {
  const replica = await db.replica.findFirst({
    where: { id: input.replicaId, orgId: input.orgId },
    select: { nodeId: true, closedAt: true, phase: true },
  })
  if (!replica) throw notFound('replica')
  return { nodeId: replica.nodeId, ended: replica.closedAt !== null || ['exited', 'failed'].includes(replica.phase) }
}
