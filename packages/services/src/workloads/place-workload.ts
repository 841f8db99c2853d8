import type { Prisma } from '@clawbernetes/db/rows'
import type { StepArgs } from '@clawbernetes/protocol/plans/steps'
import { alreadyExists } from '../already-exists'
import { newId, type SystemCtx } from '../context'
import { ServiceError } from '../errors'
import { checkPlaces } from '../placement/check-places'
import { recordWorkloadEvent } from './record-workload-event'

export interface PlaceInput {
  orgId: string
  ownerId: string
  planId: string | null
  /** Idempotency key: the step (or seed entry) that asks. */
  stepId: string
  args: StepArgs<'place-workload'>
}

/**
 * Creates the workload and claims exactly the GPUs that the plan names, all or none. A repeat with the same step finds what
 * it made before. Throws `conflict` when a GPU is taken or gone: the database's unique index has the last word.
 */
export async function placeWorkload(
  sys: SystemCtx,
  input: PlaceInput,
): Promise<{ workloadId: string; created: boolean }> {
  const { args, orgId } = input
  try {
    return await sys.db.$transaction(async (tx) => {
      const made = await tx.workload.findFirst({
        where: { id: args.workloadId, orgId },
        select: { createdByStep: true },
      })
      if (made) {
        if (made.createdByStep !== input.stepId)
          throw new ServiceError('conflict', `A workload ${args.name} was created by another plan.`)
        return { workloadId: args.workloadId, created: false }
      }
      const demo = await checkPlaces(tx, sys, { orgId, places: args.places })
      const at = sys.now()
      const workload = await tx.workload.create({
        data: {
          id: args.workloadId,
          orgId,
          name: args.name,
          kind: args.spec.kind,
          status: 'placed',
          spec: args.spec as Prisma.InputJsonObject,
          replicasWanted: args.spec.replicas,
          gpusPerReplica: args.spec.gpusPerReplica,
          ownerId: input.ownerId,
          planId: input.planId,
          createdByStep: input.stepId,
          demo,
          createdAt: at,
        },
      })
      const claims = args.places.flatMap((place) => place.gpuIds.map((gpuId) => ({ gpuId, nodeId: place.nodeId })))
      for (const claim of claims)
        await tx.reservation.create({
          data: {
            id: newId('reservation', at),
            orgId,
            ...claim,
            workloadId: workload.id,
            planId: input.planId,
            stepId: input.stepId,
            createdAt: at,
          },
        })
      await recordWorkloadEvent(tx, workload, 'workload.created')
      return { workloadId: workload.id, created: true }
    })
  } catch (error) {
    throw asClaimConflict(error, args.name)
  }
}

/** A GPU or a name that somebody else took in between, in words. */
export function asClaimConflict(error: unknown, name: string): unknown {
  if (!alreadyExists(error)) return error
  const text = JSON.stringify((error as Prisma.PrismaClientKnownRequestError).meta ?? {})
  if (text.includes('gpu_id') || text.includes('reservation'))
    return new ServiceError('conflict', 'A GPU of this plan was taken by another workload a moment ago.')
  return new ServiceError('conflict', `There is already a workload named ${name}.`)
}
