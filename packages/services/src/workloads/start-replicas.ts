import type { StepArgs } from '@clawbernetes/protocol/plans/steps'
import type { SystemCtx } from '../context'
import { notFound, ServiceError } from '../errors'
import { createReplicas, nextAttempt } from './create-replicas'
import { recordWorkloadEvent } from './record-workload-event'
import { lockWorkload } from './sync-workload-status'

/** Puts the replicas on their nodes' lists; a repeat finds those it made. The nodes hear of it at commit. */
export async function startReplicas(
  sys: SystemCtx,
  input: { orgId: string; stepId: string; args: StepArgs<'start-replicas'> },
): Promise<{ replicaIds: string[] }> {
  return sys.db.$transaction(async (tx) => {
    await lockWorkload(tx, input.args.workloadId)
    const workload = await tx.workload.findFirst({
      where: { id: input.args.workloadId, orgId: input.orgId, deletedAt: null },
    })
    if (!workload) throw notFound('workload')
    const made = await tx.replica.findMany({
      where: { createdByStep: input.stepId },
      select: { id: true },
      orderBy: { ordinal: 'asc' },
    })
    if (made.length > 0) return { replicaIds: made.map((r) => r.id) }
    if (workload.desired !== 'run') throw new ServiceError('conflict', `${workload.name} was stopped in the meantime.`)
    const attempt = await nextAttempt(tx, workload.id)
    const replicaIds = await createReplicas(tx, sys, {
      workload,
      places: input.args.places,
      attempt,
      stepId: input.stepId,
    })
    const started = await tx.workload.update({
      where: { id: workload.id },
      data: { status: 'starting', statusReason: null, version: { increment: 1 } },
    })
    await recordWorkloadEvent(tx, started)
    return { replicaIds }
  })
}
