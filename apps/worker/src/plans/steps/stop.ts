import { requestStop } from '@clawbernetes/services/workloads/request-stop'
import type { StepHandler } from '../step-handler'

export const stop: StepHandler<'stop-workload'> = async ({ sys, step, args }) => {
  const { replicas } = await requestStop(sys, {
    orgId: step.orgId,
    workloadId: args.workloadId,
    reason: `Stopped by PL-${step.planNumber}`,
  })
  return {
    type: 'done',
    result: { replicas },
    progress: replicas === 0 ? 'Nothing was running.' : `Asked ${replicas} replica${replicas === 1 ? '' : 's'} to end.`,
  }
}
