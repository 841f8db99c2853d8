import type { SystemCtx } from '../context'
import { notFound } from '../errors'

export interface MoveProgress {
  name: string
  status: string
  reason: string | null
  desired: string
  movingPlan: string | null
  /** A training that saves itself: it says where it goes on. */
  saves: boolean
  /** GPUs that it holds now. */
  gpusHeld: number
  /** Replicas that are not closed. */
  open: SeenReplica[]
  /** Replicas that the asking step made, closed or not. */
  made: SeenReplica[]
}

export interface SeenReplica {
  id: string
  node: string
  nodeStatus: string
  phase: string
  desired: string
  exitCode: number | null
  reason: string | null
  reasonCode: string | null
  startedAtMs: number | null
}

/** Where a workload on the move stands, as its nodes last said. */
export async function readMove(
  { db }: SystemCtx,
  input: { orgId: string; workloadId: string; stepId: string },
): Promise<MoveProgress> {
  const workload = await db.workload.findFirst({
    where: { id: input.workloadId, orgId: input.orgId },
    include: {
      replicas: {
        where: { OR: [{ closedAt: null }, { createdByStep: input.stepId }] },
        orderBy: { ordinal: 'asc' },
        include: { node: { select: { name: true, status: true } } },
      },
    },
  })
  if (!workload) throw notFound('workload')
  const gpusHeld = await db.reservation.count({ where: { workloadId: workload.id, releasedAt: null } })
  const seen = workload.replicas.map((r) => ({
    id: r.id,
    node: r.node.name,
    nodeStatus: r.node.status,
    phase: r.phase,
    desired: r.desired,
    exitCode: r.exitCode,
    reason: r.reason,
    reasonCode: r.reasonCode,
    startedAtMs: r.startedAt?.getTime() ?? null,
    isOpen: r.closedAt === null,
    isMade: r.createdByStep === input.stepId,
  }))
  return {
    name: workload.name,
    status: workload.status,
    reason: workload.statusReason,
    desired: workload.desired,
    movingPlan: workload.movingPlan,
    saves: workload.kind === 'training' && (workload.spec as { checkpoint?: unknown }).checkpoint != null,
    gpusHeld,
    open: seen.filter((r) => r.isOpen),
    made: seen.filter((r) => r.isMade),
  }
}
