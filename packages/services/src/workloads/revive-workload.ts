import type { Prisma } from '@clawbernetes/db/rows'
import type { StepArgs } from '@clawbernetes/protocol/plans/steps'
import { newId, type SystemCtx } from '../context'
import { notFound, ServiceError } from '../errors'
import { checkPlaces } from '../placement/check-places'
import { asClaimConflict } from './place-workload'
import { recordWorkloadEvent } from './record-workload-event'
import { lockWorkload } from './sync-workload-status'

const OVER = ['stopped', 'failed', 'succeeded']

/** Claims places for a workload that is over, under its old name and record. A repeat finds what it claimed. */
export async function reviveWorkload(
  sys: SystemCtx,
  input: { orgId: string; planId: string; stepId: string; args: StepArgs<'revive-workload'> },
): Promise<void> {
  const { args, orgId, planId, stepId } = input
  try {
    await sys.db.$transaction(async (tx) => {
      await lockWorkload(tx, args.workloadId)
      const workload = await tx.workload.findFirst({ where: { id: args.workloadId, orgId, deletedAt: null } })
      if (!workload) throw notFound('workload')
      if (workload.planId === planId) return
      const open = await tx.replica.count({ where: { workloadId: workload.id, closedAt: null } })
      if (!OVER.includes(workload.status) || open > 0)
        throw new ServiceError('conflict', `${args.name} is ${workload.status}: there is nothing to resume.`)
      await checkPlaces(tx, sys, { orgId, places: args.places })
      const at = sys.now()
      await tx.reservation.createMany({
        data: args.places.flatMap((place) =>
          place.gpuIds.map((gpuId) => ({
            id: newId('reservation', at),
            orgId,
            gpuId,
            nodeId: place.nodeId,
            workloadId: workload.id,
            planId,
            stepId,
            createdAt: at,
          })),
        ),
      })
      const back = await tx.workload.update({
        where: { id: workload.id },
        data: {
          desired: 'run',
          status: 'placed',
          statusReason: null,
          pendingReasons: [],
          planId,
          startedAt: null,
          finishedAt: null,
          revision: { increment: 1 },
          version: { increment: 1 },
          ...(args.spec ? { spec: args.spec as Prisma.InputJsonObject } : {}),
        },
      })
      await recordWorkloadEvent(tx, back)
    })
  } catch (error) {
    throw asClaimConflict(error, args.name)
  }
}
