import { readProgress } from '@clawbernetes/services/workloads/read-progress'
import type { Observed, StepContext, StepHandler } from '../step-handler'

export const awaitStopped: StepHandler<'await-stopped'> = { act: null, verify: look }

async function look({ sys, step, args }: StepContext<'await-stopped'>): Promise<Observed> {
  const p = await readProgress(sys, { orgId: step.orgId, workloadId: args.workloadId })
  if (p.replicas.length === 0 && p.gpusHeld === 0)
    return {
      is: 'so',
      words: `${p.name} has ended and its GPUs are free.`,
      facts: [
        { label: 'Status', value: p.status },
        { label: 'GPUs held', value: '0' },
      ],
    }
  const silent = p.replicas.find((r) => r.nodeStatus !== 'online')
  const waitedMs = sys.now().getTime() - step.startedAt.getTime()
  if (waitedMs > args.timeoutMs)
    return {
      is: 'never',
      code: 'timeout',
      words: silent
        ? `${silent.node} is ${silent.nodeStatus}: ${p.name} may still run there. It is stopped as soon as the node is back.`
        : `${p.name} has not ended yet on ${p.replicas.map((r) => r.node).join(', ')}.`,
    }
  return {
    is: 'not-yet',
    words: `${p.replicas.length} replica${p.replicas.length === 1 ? '' : 's'} still ending`,
  }
}
