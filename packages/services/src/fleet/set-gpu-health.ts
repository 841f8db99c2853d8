import { nameText } from '@clawbernetes/protocol/text'
import { gpuHealth } from '@clawbernetes/protocol/views/gpu'
import * as z from 'zod'
import { type Ctx, requirePermission } from '../context'
import { notFound } from '../errors'
import { appendAudit } from '../log/append-audit'
import { parseInput } from '../parse-input'
import { nodeChangePermission } from './cordon-node'
import { recordNodeEvent } from './record-node-event'

export const setGpuHealthInput = z.object({ gpuId: z.string().max(60), health: gpuHealth, reason: nameText(200) })

/**
 * A decision about a GPU: quarantine it, take it back, mark it failed. Work that runs on it goes on; new work avoids
 * anything but `ok` and `suspect`.
 */
export async function setGpuHealth({
  ctx,
  input,
}: {
  ctx: Ctx
  input: z.input<typeof setGpuHealthInput>
}): Promise<{ id: string; index: number; nodeId: string; version: number }> {
  requirePermission(ctx, nodeChangePermission(ctx))
  const { gpuId, health, reason } = parseInput(setGpuHealthInput, input)
  return ctx.db.$transaction(async (tx) => {
    const where = { id: gpuId, orgId: ctx.actor.orgId, node: { removedAt: null } }
    const before = await tx.gpu.findFirst({ where })
    if (!before) throw notFound('GPU')
    const healthReason = health === 'ok' ? null : reason
    if (before.health === health && before.healthReason === healthReason)
      return { id: before.id, index: before.index, nodeId: before.nodeId, version: before.version }
    const gpu = await tx.gpu.update({
      where: { id: gpuId },
      data: { health, healthReason, version: { increment: 1 } },
    })
    await recordNodeEvent(
      tx,
      { id: gpu.nodeId, orgId: gpu.orgId },
      {
        kind: 'gpu.state',
        entityId: gpuId,
        entityVersion: gpu.version,
        data: { nodeId: gpu.nodeId, health, readability: gpu.readability },
      },
    )
    await appendAudit(tx, ctx, 'gpu.health', gpuId, {
      from: before.health,
      to: health,
      reason,
      nodeId: gpu.nodeId,
      uuid: gpu.uuid,
    })
    return { id: gpu.id, index: gpu.index, nodeId: gpu.nodeId, version: gpu.version }
  })
}
