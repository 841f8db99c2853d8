import { placeWorkload } from '@clawbernetes/services/workloads/place-workload'
import type { StepHandler } from '../step-handler'

export const place: StepHandler<'place-workload'> = async ({ sys, step, args }) => {
  await placeWorkload(sys, { orgId: step.orgId, ownerId: step.proposedBy, planId: step.planId, stepId: step.id, args })
  const gpus = args.places.reduce((sum, p) => sum + p.gpuIds.length, 0)
  const nodes = [...new Set(args.places.map((p) => p.nodeName))]
  return {
    type: 'done',
    result: {
      facts: [
        { label: 'Workload', value: args.name },
        { label: 'GPUs', value: `${gpus} on ${nodes.join(', ')}` },
      ],
    },
    progress: `Claimed ${gpus} GPU${gpus === 1 ? '' : 's'} on ${nodes.join(', ')}.`,
  }
}
