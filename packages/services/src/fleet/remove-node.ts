import * as z from 'zod'
import { type Ctx, requirePermission } from '../context'
import { notFound, ServiceError } from '../errors'
import { appendAudit } from '../log/append-audit'
import { ring } from '../log/ring'
import { parseInput } from '../parse-input'
import { lockNode } from './lock-node'
import { recordNodeEvent } from './record-node-event'

export const removeNodeInput = z.object({ nodeId: z.string().max(60) })

/**
 * Takes a node out of the fleet: its key is refused from now on, its name is free again, its history stays. Refused while
 * work is assigned to it.
 */
export async function removeNode({ ctx, input }: { ctx: Ctx; input: z.input<typeof removeNodeInput> }): Promise<void> {
  requirePermission(ctx, 'manageNodes')
  const { nodeId } = parseInput(removeNodeInput, input)
  await ctx.db.$transaction(async (tx) => {
    const node = await lockNode(tx, nodeId)
    if (!node || node.orgId !== ctx.actor.orgId || node.removedAt) throw notFound('node')
    const replicas = await tx.replica.count({ where: { nodeId, closedAt: null } })
    const claims = await tx.reservation.count({ where: { nodeId, releasedAt: null } })
    if (replicas + claims > 0)
      throw new ServiceError(
        'conflict',
        `${node.name} still has ${replicas} ${replicas === 1 ? 'replica' : 'replicas'} and ${claims} reserved ${claims === 1 ? 'GPU' : 'GPUs'}. Stop or move the work first.`,
      )
    const updated = await tx.node.update({
      where: { id: nodeId },
      data: { removedAt: ctx.now(), name: `${node.name}~${node.num}`, version: { increment: 1 } },
      select: { version: true },
    })
    // Its GPUs are found again by UUID, with their history, when the machine joins under a new key.
    await tx.$executeRaw`delete from telemetry.gpu_slot where node = ${node.num}`
    await tx.gpu.updateMany({
      where: { nodeId, missingSince: null },
      data: { missingSince: ctx.now(), version: { increment: 1 } },
    })
    await tx.finding.updateMany({
      where: { nodeId, state: 'open' },
      data: { state: 'cleared', clearedAt: ctx.now(), version: { increment: 1 } },
    })
    await recordNodeEvent(tx, node, {
      kind: 'node.removed',
      entityId: nodeId,
      entityVersion: updated.version,
      data: { name: node.name },
    })
    await appendAudit(tx, ctx, 'node.remove', nodeId, { name: node.name })
    await ring(tx, { topic: 'assignments', nodeId })
  })
}
