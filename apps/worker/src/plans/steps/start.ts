import { startReplicas } from '@clawbernetes/services/workloads/start-replicas'
import type { StepHandler } from '../step-handler'

export const start: StepHandler<'start-replicas'> = async ({ sys, step, args }) => {
  const { replicaIds } = await startReplicas(sys, { orgId: step.orgId, stepId: step.id, args })
  return {
    type: 'done',
    result: { replicaIds },
    progress: `${replicaIds.length} replica${replicaIds.length === 1 ? '' : 's'} handed to ${args.places.map((p) => p.nodeName).join(', ')}.`,
  }
}
