import { startReplicas } from '@clawbernetes/services/workloads/start-replicas'
import { readProgress } from '@clawbernetes/services/workloads/read-progress'
import { plural, type StepHandler } from '../step-handler'

export const start: StepHandler<'start-replicas'> = {
  act: async ({ sys, step, args }) => {
    await startReplicas(sys, { orgId: step.orgId, stepId: step.id, args })
  },
  verify: async ({ sys, step, args }) => {
    // A replica that is over already was handed over too: the next step says what became of it.
    const { replicas, status } = await readProgress(sys, { orgId: step.orgId, workloadId: args.workloadId })
    const over = ['succeeded', 'failed', 'stopped'].includes(status)
    if (replicas.length < args.places.length && !over)
      return { is: 'not-yet', words: `${replicas.length} of ${plural(args.places.length, 'replica')} handed over` }
    const nodes = [...new Set(args.places.map((p) => p.nodeName))].join(', ')
    return { is: 'so', words: `${plural(args.places.length, 'replica')} handed to ${nodes}.`, facts: [] }
  },
}
