import type { StepArgs } from '@clawbernetes/protocol/plans/steps'
import { workloadSpec } from '@clawbernetes/protocol/workloads/spec'
import type { SystemCtx } from '../context'
import { notFound, ServiceError } from '../errors'
import { createReplicas, nextAttempt } from '../workloads/create-replicas'
import { lockWorkload, syncWorkloadStatus } from '../workloads/sync-workload-status'

/**
 * Starts a workload in the places that its move claimed. A repeat finds what it started. A workload that ended by itself in the
 * meantime, or was stopped by a person, is left as it is.
 */
export async function startMoved(
  sys: SystemCtx,
  input: { orgId: string; planId: string; stepId: string; args: StepArgs<'start-moved'> },
): Promise<void> {
  const { args, planId, stepId } = input
  await sys.db.$transaction(async (tx) => {
    await lockWorkload(tx, args.workloadId)
    const workload = await tx.workload.findFirst({
      where: { id: args.workloadId, orgId: input.orgId, deletedAt: null },
    })
    if (!workload) throw notFound('workload')
    if (workload.movingPlan !== planId) {
      if (['succeeded', 'failed'].includes(workload.status)) return
      if ((await tx.replica.count({ where: { createdByStep: stepId } })) > 0) return
      throw new ServiceError('conflict', `${args.name} is no longer in the hands of this plan.`)
    }
    if ((await tx.replica.count({ where: { createdByStep: stepId } })) > 0) return
    // Ranks of one gang meet under one attempt; other replicas keep theirs, so that their neighbours still count.
    const attempt = await nextAttempt(tx, workload.id)
    const gang = workloadSpec.parse(workload.spec).gang
    const neighbours = await tx.replica.count({ where: { workloadId: workload.id, closedAt: null, desired: 'run' } })
    await createReplicas(tx, sys, {
      workload,
      places: args.places,
      attempt: gang || neighbours === 0 ? attempt : Math.max(1, attempt - 1),
      stepId,
    })
    await syncWorkloadStatus(tx, sys, workload.id)
  })
}
