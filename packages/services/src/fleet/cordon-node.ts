import type { Permission } from '@clawbernetes/protocol/roles'
import { nameText } from '@clawbernetes/protocol/text'
import * as z from 'zod'
import { type Ctx, requirePermission } from '../context'
import { notFound, ServiceError } from '../errors'
import { appendAudit } from '../log/append-audit'
import { parseInput } from '../parse-input'
import { lockNode } from './lock-node'
import { recordNodeEvent } from './record-node-event'

export const cordonNodeInput = z.object({
  nodeId: z.string().max(60),
  reason: nameText(200),
  /** A cordon is a lease; null: until somebody lifts it. */
  expiresAt: z.iso.datetime().nullable(),
})

export interface CordonedNode {
  id: string
  name: string
  version: number
}

/** Keeps new work from a node; what runs there goes on. Cordoning again renews the lease in the new words. */
export async function cordonNode({
  ctx,
  input,
}: {
  ctx: Ctx
  input: z.input<typeof cordonNodeInput>
}): Promise<CordonedNode> {
  requirePermission(ctx, nodeChangePermission(ctx))
  const { nodeId, reason, expiresAt } = parseInput(cordonNodeInput, input)
  const now = ctx.now()
  const until = expiresAt === null ? null : new Date(expiresAt)
  if (until && until <= now) throw new ServiceError('invalid', 'The cordon would end before it begins.')
  return ctx.db.$transaction(async (tx) => {
    const node = await lockNode(tx, nodeId)
    if (!node || node.orgId !== ctx.actor.orgId || node.removedAt) throw notFound('node')
    const updated = await tx.node.update({
      where: { id: nodeId },
      data: {
        cordonedAt: now,
        cordonedBy: ctx.actor.userId,
        cordonReason: reason,
        cordonExpiresAt: until,
        version: { increment: 1 },
      },
      select: { id: true, name: true, version: true },
    })
    await recordNodeEvent(tx, node, {
      kind: 'node.state',
      entityId: nodeId,
      entityVersion: updated.version,
      data: { cordoned: true, reason },
    })
    await appendAudit(tx, ctx, 'node.cordon', nodeId, { name: node.name, reason, expiresAt })
    return updated
  })
}

/** A person needs the right to manage nodes; an agent acts within a plan that was approved, as whoever asked. */
export const nodeChangePermission = (ctx: Ctx): Permission => (ctx.actor.kind === 'agent' ? 'propose' : 'manageNodes')
