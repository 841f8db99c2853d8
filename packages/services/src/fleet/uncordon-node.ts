import * as z from 'zod'
import { type Ctx, requirePermission } from '../context'
import { notFound } from '../errors'
import { appendAudit } from '../log/append-audit'
import { parseInput } from '../parse-input'
import { type CordonedNode, nodeChangePermission } from './cordon-node'
import { lockNode } from './lock-node'
import { recordNodeEvent } from './record-node-event'

export const uncordonNodeInput = z.object({ nodeId: z.string().max(60) })

/** Lets new work onto a node again. Of a node that is not cordoned nothing changes. */
export async function uncordonNode({
  ctx,
  input,
}: {
  ctx: Ctx
  input: z.input<typeof uncordonNodeInput>
}): Promise<CordonedNode> {
  requirePermission(ctx, nodeChangePermission(ctx))
  const { nodeId } = parseInput(uncordonNodeInput, input)
  return ctx.db.$transaction(async (tx) => {
    const node = await lockNode(tx, nodeId)
    if (!node || node.orgId !== ctx.actor.orgId || node.removedAt) throw notFound('node')
    if (!node.cordonedAt) return { id: node.id, name: node.name, version: node.version }
    const updated = await tx.node.update({
      where: { id: nodeId },
      data: {
        cordonedAt: null,
        cordonedBy: null,
        cordonReason: null,
        cordonExpiresAt: null,
        version: { increment: 1 },
      },
      select: { id: true, name: true, version: true },
    })
    await recordNodeEvent(tx, node, {
      kind: 'node.state',
      entityId: nodeId,
      entityVersion: updated.version,
      data: { cordoned: false },
    })
    await appendAudit(tx, ctx, 'node.uncordon', nodeId, { name: node.name })
    return updated
  })
}
