import { readProgress } from '@clawbernetes/services/workloads/read-progress'
import type { StepHandler } from '../step-handler'

/** Woken when the workload changes; this is how long it waits when nobody rings. */
const LOOK_AGAIN_MS = 5000

export const awaitRunning: StepHandler<'await-running'> = async ({ sys, step, args }) => {
  const p = await readProgress(sys, { orgId: step.orgId, workloadId: args.workloadId })
  const up = p.replicas.filter((r) => r.phase === 'running' || r.phase === 'ready').length
  if (p.status === 'running' || p.status === 'succeeded') {
    const where = [...new Set(p.replicas.map((r) => r.node))].join(', ')
    const words =
      p.status === 'succeeded'
        ? `${p.name} ran and ended by itself.`
        : `${p.name} is running on ${where} with ${p.gpusHeld} GPU${p.gpusHeld === 1 ? '' : 's'}.`
    return {
      type: 'done',
      result: {
        facts: [
          { label: 'Status', value: p.status },
          { label: 'Replicas', value: `${up} of ${p.wanted}` },
        ],
      },
      progress: words,
    }
  }
  if (p.status === 'failed' || p.status === 'stopped' || p.status === 'stopping') {
    const broken = p.replicas.find((r) => r.reason)
    return {
      type: 'failed',
      code: broken?.reasonCode ?? 'did-not-start',
      message: broken?.reason ?? p.reason ?? `${p.name} ended before it ran.`,
    }
  }
  const waitedMs = sys.now().getTime() - step.startedAt.getTime()
  const silent = p.replicas.find((r) => r.nodeStatus !== 'online')
  if (waitedMs > args.timeoutMs)
    return {
      type: 'failed',
      code: 'timeout',
      message: `${p.name} did not start within ${Math.round(args.timeoutMs / 1000)} s: ${silent ? `${silent.node} is ${silent.nodeStatus}` : describe(p.replicas)}.`,
    }
  return {
    type: 'wait',
    afterMs: LOOK_AGAIN_MS,
    progress: silent ? `Waiting for ${silent.node}, which is ${silent.nodeStatus}` : describe(p.replicas),
  }
}

function describe(replicas: { node: string; phase: string; reason: string | null }[]): string {
  if (replicas.length === 0) return 'no replica exists'
  return replicas.map((r) => `${r.node}: ${r.phase}${r.reason ? ` (${r.reason})` : ''}`).join(', ')
}
