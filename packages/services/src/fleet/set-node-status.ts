import type { NodeStatus } from '@clawbernetes/db/rows'
import type { SystemCtx } from '../context'
import { recordNodeEvent } from './record-node-event'

/**
 * One compare-and-set of a node's status with its event; false: it was not in one of `from` any more.
 *
 *   joining ──hello──▶ online ──silent past its lease──▶ offline ──hello or heard again──▶ online
 *      any ──protocol refused──▶ incompatible ──hello──▶ online
 *      offline ──given up (epoch raised)──▶ lost ──hello──▶ online
 */
export async function setNodeStatus({
  sys,
  nodeId,
  from,
  to,
  reason,
  silentBefore,
}: {
  sys: SystemCtx
  nodeId: string
  from: readonly NodeStatus[]
  to: NodeStatus
  reason: string | null
  /** Only if it was last heard before then. */
  silentBefore?: Date
}): Promise<boolean> {
  return sys.db.$transaction(async (tx) => {
    const heard = silentBefore ? { OR: [{ lastSeenAt: null }, { lastSeenAt: { lt: silentBefore } }] } : {}
    const [node] = await tx.node.updateManyAndReturn({
      where: { id: nodeId, status: { in: [...from] }, removedAt: null, ...heard },
      data: { status: to, statusReason: reason, version: { increment: 1 } },
      select: { id: true, orgId: true, version: true },
    })
    if (!node) return false
    await recordNodeEvent(tx, node, {
      kind: 'node.state',
      entityId: node.id,
      entityVersion: node.version,
      data: { status: to, reason },
    })
    return true
  })
}
