import { type Ctx, requirePermission } from '../context'
import { notFound, ServiceError } from '../errors'
import { appendAudit } from '../log/append-audit'
import { recordWorkloadEvent } from './record-workload-event'
import { lockWorkload } from './sync-workload-status'

/** Takes a workload that has ended off every list; its name is free again. Its files stay where it wrote them. Idempotent. */
export async function deleteWorkload({ ctx, input }: { ctx: Ctx; input: { workloadId: string } }): Promise<void> {
  requirePermission(ctx, 'propose')
  await ctx.db.$transaction(async (tx) => {
    await lockWorkload(tx, input.workloadId)
    const workload = await tx.workload.findFirst({ where: { id: input.workloadId, orgId: ctx.actor.orgId } })
    if (!workload) throw notFound('workload')
    if (workload.deletedAt) return
    const open = await tx.replica.count({ where: { workloadId: workload.id, closedAt: null } })
    if (open > 0) throw new ServiceError('conflict', `${workload.name} still runs. It must end before it is deleted.`)
    await tx.reservation.updateMany({
      where: { workloadId: workload.id, releasedAt: null },
      data: { releasedAt: ctx.now() },
    })
    const deleted = await tx.workload.update({
      where: { id: workload.id },
      data: { deletedAt: ctx.now(), desired: 'stop', version: { increment: 1 } },
    })
    await recordWorkloadEvent(tx, deleted, 'workload.deleted')
    await appendAudit(tx, ctx, 'workload.delete', workload.id, { name: workload.name })
  })
}

/** Is it gone from the lists? For the step that verifies it. */
export async function isDeleted({ ctx, input }: { ctx: Ctx; input: { workloadId: string } }): Promise<boolean> {
  requirePermission(ctx, 'read')
  const left = await ctx.db.workload.count({
    where: { id: input.workloadId, orgId: ctx.actor.orgId, deletedAt: null },
  })
  return left === 0
}
