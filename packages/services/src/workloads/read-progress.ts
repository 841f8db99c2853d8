import type { SystemCtx } from '../context'
import { notFound } from '../errors'

export interface Progress {
  name: string
  status: string
  reason: string | null
  wanted: number
  replicas: {
    id: string
    node: string
    nodeStatus: string
    phase: string
    reason: string | null
    reasonCode: string | null
    startedAt: Date | null
  }[]
  /** GPUs still claimed by it. */
  gpusHeld: number
}

/** Where a workload stands, for steps that wait for it. */
export async function readProgress({ db }: SystemCtx, input: { orgId: string; workloadId: string }): Promise<Progress> {
  const workload = await db.workload.findFirst({
    where: { id: input.workloadId, orgId: input.orgId },
    include: {
      replicas: {
        where: { closedAt: null },
        orderBy: { ordinal: 'asc' },
        include: { node: { select: { name: true, status: true } } },
      },
    },
  })
  if (!workload) throw notFound('workload')
  const gpusHeld = await db.reservation.count({ where: { workloadId: workload.id, releasedAt: null } })
  return {
    name: workload.name,
    status: workload.status,
    reason: workload.statusReason,
    wanted: workload.replicasWanted,
    gpusHeld,
    replicas: workload.replicas.map((r) => ({
      id: r.id,
      node: r.node.name,
      nodeStatus: r.node.status,
      phase: r.phase,
      reason: r.reason,
      reasonCode: r.reasonCode,
      startedAt: r.startedAt,
    })),
  }
}
