import type { Prisma } from '@clawbernetes/db/rows'
import type { StepArgs } from '@clawbernetes/protocol/plans/steps'
import { newId, type SystemCtx } from '../context'
import { notFound, ServiceError } from '../errors'
import { checkPlaces } from '../placement/check-places'
import { asClaimConflict } from '../workloads/place-workload'
import { recordWorkloadEvent } from '../workloads/record-workload-event'
import { lockWorkload } from '../workloads/sync-workload-status'

export interface MoveInput {
  orgId: string
  planId: string
  stepId: string
  args: StepArgs<'begin-move'>
}

/**
 * Takes a workload into a plan's hands: claims the GPUs it will go to while it still runs where it is. Nothing is stopped.
 * A repeat finds what it did. Throws `conflict` when it no longer runs where the plan says, another plan moves it, or a GPU is taken.
 */
export async function beginMove(sys: SystemCtx, { orgId, planId, stepId, args }: MoveInput): Promise<void> {
  try {
    await sys.db.$transaction(async (tx) => {
      await lockWorkload(tx, args.workloadId)
      const workload = await tx.workload.findFirst({ where: { id: args.workloadId, orgId, deletedAt: null } })
      if (!workload) throw notFound('workload')
      if (workload.movingPlan === planId) return
      if (workload.movingPlan !== null || workload.returnTo !== null)
        throw new ServiceError('conflict', `${args.name} is being moved by another plan.`)
      if (workload.desired !== 'run') throw new ServiceError('conflict', `${args.name} was stopped in the meantime.`)
      const live = await tx.replica.findMany({
        where: { workloadId: workload.id, closedAt: null, desired: 'run' },
        select: { id: true },
      })
      const gone = args.from.find((place) => !live.some((replica) => replica.id === place.replicaId))
      if (gone) throw new ServiceError('conflict', `${args.name} no longer runs on ${gone.nodeName} as it did.`)
      const own = { workloadId: workload.id, nodeIds: new Set(args.from.map((place) => place.nodeId)) }
      await checkPlaces(tx, sys, { orgId, places: args.to, own })
      const held = await tx.reservation.findMany({
        where: { workloadId: workload.id, releasedAt: null },
        select: { gpuId: true },
      })
      const at = sys.now()
      const claims = args.to
        .flatMap((place) => place.gpuIds.map((gpuId) => ({ gpuId, nodeId: place.nodeId })))
        .filter(({ gpuId }) => !held.some((claim) => claim.gpuId === gpuId))
        .map((claim) => ({
          ...claim,
          id: newId('reservation', at),
          orgId,
          workloadId: workload.id,
          planId,
          stepId,
          createdAt: at,
        }))
      await tx.reservation.createMany({ data: claims })
      const taken = await tx.workload.update({
        where: { id: workload.id },
        data: {
          movingPlan: planId,
          version: { increment: 1 },
          ...(args.spec ? { spec: args.spec.after as Prisma.InputJsonObject, revision: { increment: 1 } } : {}),
        },
      })
      await recordWorkloadEvent(tx, taken)
    })
  } catch (error) {
    throw asClaimConflict(error, args.name)
  }
}
