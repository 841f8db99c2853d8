import type { SystemCtx } from '../context'

/** Takes a demo organisation's fleet, work, plans and talk away; its people and its audit log stay. */
export async function removeDemo(sys: SystemCtx, input: { slug: string }): Promise<void> {
  const org = await sys.db.organization.findUnique({ where: { slug: input.slug }, select: { id: true } })
  if (!org) return
  const where = { orgId: org.id }
  await sys.db.$transaction(
    async (tx) => {
      await tx.plan.deleteMany({ where })
      await tx.thread.deleteMany({ where })
      await tx.workloadLog.deleteMany({ where })
      await tx.workloadMetric.deleteMany({ where })
      await tx.reservation.deleteMany({ where })
      await tx.workload.deleteMany({ where })
      await tx.finding.deleteMany({ where })
      await tx.healthEvent.deleteMany({ where })
      await tx.nodeCommand.deleteMany({ where })
      await tx.node.deleteMany({ where })
      await tx.joinToken.deleteMany({ where })
      await tx.event.deleteMany({ where })
    },
    { timeout: 60_000 },
  )
}
