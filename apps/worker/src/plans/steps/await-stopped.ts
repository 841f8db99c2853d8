import { readProgress } from '@clawbernetes/services/workloads/read-progress'
import type { StepHandler } from '../step-handler'

const LOOK_AGAIN_MS = 5000

export const awaitStopped: StepHandler<'await-stopped'> = async ({ sys, step, args }) => {
  const p = await readProgress(sys, { orgId: step.orgId, workloadId: args.workloadId })
  if (p.replicas.length === 0 && p.gpusHeld === 0)
    return {
      type: 'done',
      result: {
        facts: [
          { label: 'Status', value: p.status },
          { label: 'GPUs held', value: '0' },
        ],
      },
      progress: `${p.name} has ended and its GPUs are free.`,
    }
  const silent = p.replicas.find((r) => r.nodeStatus !== 'online')
  const waitedMs = sys.now().getTime() - step.startedAt.getTime()
  if (waitedMs > args.timeoutMs)
    return {
      type: 'failed',
      code: 'timeout',
      message: silent
        ? `${silent.node} is ${silent.nodeStatus}: ${p.name} may still run there. It is stopped as soon as the node is back.`
        : `${p.name} has not ended yet on ${p.replicas.map((r) => r.node).join(', ')}.`,
    }
  return {
    type: 'wait',
    afterMs: LOOK_AGAIN_MS,
    progress: `${p.replicas.length} replica${p.replicas.length === 1 ? '' : 's'} still ending`,
  }
}
