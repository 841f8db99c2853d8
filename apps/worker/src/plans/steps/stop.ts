import { readProgress } from '@clawbernetes/services/workloads/read-progress'
import { requestStop } from '@clawbernetes/services/workloads/request-stop'
import { plural, type StepHandler } from '../step-handler'

export const stop: StepHandler<'stop-workload'> = {
  act: async ({ sys, step, args }) => {
    await requestStop(sys, {
      orgId: step.orgId,
      workloadId: args.workloadId,
      reason: `Stopped by PL-${step.planNumber}`,
    })
  },
  verify: async ({ sys, step, args }) => {
    const p = await readProgress(sys, { orgId: step.orgId, workloadId: args.workloadId })
    const over = ['stopped', 'succeeded', 'failed'].includes(p.status)
    if (p.status !== 'stopping' && !over) return { is: 'not-yet', words: `${p.name} is still ${p.status}` }
    const words =
      p.replicas.length === 0 ? 'Nothing was running.' : `Asked ${plural(p.replicas.length, 'replica')} to end.`
    return { is: 'so', words, facts: [] }
  },
}
