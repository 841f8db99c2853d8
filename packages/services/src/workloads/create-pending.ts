import type { Prisma } from '@clawbernetes/db/rows'
import { type WorkloadSpec, workloadSpec } from '@clawbernetes/protocol/workloads/spec'
import { newId, type SystemCtx } from '../context'
import { ring } from '../log/ring'
import { recordWorkloadEvent } from './record-workload-event'

/** A workload that waits until placement finds room for it. A repeat with the same key finds the first. */
export async function createPending(
  sys: SystemCtx,
  input: { orgId: string; ownerId: string; name: string; spec: WorkloadSpec; key: string; demo: boolean },
): Promise<{ workloadId: string }> {
  return sys.db.$transaction(async (tx) => {
    const made = await tx.workload.findUnique({ where: { createdByStep: input.key }, select: { id: true } })
    if (made) return { workloadId: made.id }
    const at = sys.now()
    const spec = workloadSpec.parse(input.spec)
    const workload = await tx.workload.create({
      data: {
        id: newId('workload', at),
        orgId: input.orgId,
        name: input.name,
        kind: spec.kind,
        status: 'pending',
        spec: spec as Prisma.InputJsonObject,
        replicasWanted: spec.replicas,
        gpusPerReplica: spec.gpusPerReplica,
        ownerId: input.ownerId,
        createdByStep: input.key,
        demo: input.demo,
        createdAt: at,
      },
    })
    await ring(tx, { topic: 'placement', orgId: input.orgId })
    await recordWorkloadEvent(tx, workload, 'workload.created')
    return { workloadId: workload.id }
  })
}
