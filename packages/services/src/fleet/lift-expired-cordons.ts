import { type SystemCtx, systemActor } from '../context'
import { appendAudit } from '../log/append-audit'
import { recordNodeEvent } from './record-node-event'

/** A cordon is a lease: when it is over, the node takes work again, and the audit says that time did it. */
export async function liftExpiredCordons({ sys }: { sys: SystemCtx }): Promise<number> {
  const over = { cordonedAt: { not: null }, cordonExpiresAt: { lte: sys.now() }, removedAt: null }
  const nodes = await sys.db.node.findMany({ where: over, select: { id: true, cordonReason: true } })
  let lifted = 0
  for (const { id, cordonReason } of nodes)
    await sys.db.$transaction(async (tx) => {
      const [node] = await tx.node.updateManyAndReturn({
        where: { id, ...over },
        data: {
          cordonedAt: null,
          cordonedBy: null,
          cordonReason: null,
          cordonExpiresAt: null,
          version: { increment: 1 },
        },
      })
      if (!node) return
      lifted++
      await recordNodeEvent(tx, node, {
        kind: 'node.state',
        entityId: id,
        entityVersion: node.version,
        data: { cordoned: false, expired: true },
      })
      await appendAudit(tx, systemActor(sys, node.orgId), 'node.uncordon', id, {
        name: node.name,
        reason: 'The cordon expired.',
        was: cordonReason,
      })
    })
  return lifted
}
