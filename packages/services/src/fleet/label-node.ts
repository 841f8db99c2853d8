import type { Inventory } from '@clawbernetes/protocol/node/inventory'
import { labelChanges } from '@clawbernetes/protocol/plans/steps'
import * as z from 'zod'
import { type Ctx, requirePermission } from '../context'
import { notFound, ServiceError } from '../errors'
import { appendAudit } from '../log/append-audit'
import { ring } from '../log/ring'
import { parseInput } from '../parse-input'
import { nodeChangePermission } from './cordon-node'
import { lockNode } from './lock-node'
import { withOverrides } from './node-labels'
import { recordNodeEvent } from './record-node-event'

export const labelNodeInput = z.object({ nodeId: z.string().max(60), labels: labelChanges })
const MAX_LABELS = 64

/**
 * Sets labels of a node, or takes them away (null). They win over what the node reports, now and after its next report; a
 * label that is set to what the node reports is the node's own again.
 */
export async function labelNode({
  ctx,
  input,
}: {
  ctx: Ctx
  input: z.input<typeof labelNodeInput>
}): Promise<{ id: string; name: string; labels: Record<string, string>; version: number }> {
  requirePermission(ctx, nodeChangePermission(ctx))
  const { nodeId, labels } = parseInput(labelNodeInput, input)
  return ctx.db.$transaction(async (tx) => {
    const node = await lockNode(tx, nodeId)
    if (!node || node.orgId !== ctx.actor.orgId || node.removedAt) throw notFound('node')
    const reported = (node.inventory as unknown as Inventory).labels ?? {}
    const overrides = { ...(node.labelOverrides as Record<string, string | null>) }
    for (const [key, value] of Object.entries(labels)) {
      if (value === (reported[key] ?? null)) delete overrides[key]
      else overrides[key] = value
    }
    const next = withOverrides(reported, overrides)
    if (Object.keys(next).length > MAX_LABELS)
      throw new ServiceError('invalid', `A node has at most ${MAX_LABELS} labels.`)
    const updated = await tx.node.update({
      where: { id: nodeId },
      data: { labels: next, labelOverrides: overrides, version: { increment: 1 } },
      select: { version: true },
    })
    await recordNodeEvent(tx, node, { kind: 'node.upserted', entityId: nodeId, entityVersion: updated.version })
    await appendAudit(tx, ctx, 'node.label', nodeId, { name: node.name, labels })
    // A workload may wait for exactly this label.
    await ring(tx, { topic: 'placement', orgId: node.orgId })
    return { id: nodeId, name: node.name, labels: next, version: updated.version }
  })
}
