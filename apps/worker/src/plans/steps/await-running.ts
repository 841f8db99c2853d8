import { readProgress } from '@clawbernetes/services/workloads/read-progress'
import type { Observed, StepContext, StepHandler } from '../step-handler'

export const awaitRunning: StepHandler<'await-running'> = { act: null, verify: look }

async function look({ sys, step, args }: StepContext<'await-running'>): Promise<Observed> {
  const p = await readProgress(sys, { orgId: step.orgId, workloadId: args.workloadId })
  const up = p.replicas.filter((r) => r.phase === 'running' || r.phase === 'ready').length
  if (p.status === 'running' || p.status === 'succeeded') {
    const where = [...new Set(p.replicas.map((r) => r.node))].join(', ')
    const words =
      p.status === 'succeeded'
        ? `${p.name} ran and ended by itself.`
        : `${p.name} is running on ${where} with ${p.gpusHeld} GPU${p.gpusHeld === 1 ? '' : 's'}.`
    return {
      is: 'so',
      words,
      facts: [
        { label: 'Status', value: p.status },
        { label: 'Replicas', value: `${up} of ${p.wanted}` },
      ],
    }
  }
  if (p.status === 'failed' || p.status === 'stopped' || p.status === 'stopping') {
    const broken = p.replicas.find((r) => r.reason)
    return {
      is: 'never',
      code: broken?.reasonCode ?? 'did-not-start',
      words: broken?.reason ?? p.reason ?? `${p.name} ended before it ran.`,
    }
  }
  const waitedMs = sys.now().getTime() - step.startedAt.getTime()
  const silent = p.replicas.find((r) => r.nodeStatus !== 'online')
  if (waitedMs > args.timeoutMs)
    return {
      is: 'never',
      code: 'timeout',
      words: `${p.name} did not start within ${Math.round(args.timeoutMs / 1000)} s: ${silent ? `${silent.node} is ${silent.nodeStatus}` : describe(p.replicas)}.`,
    }
  return {
    is: 'not-yet',
    words: silent ? `Waiting for ${silent.node}, which is ${silent.nodeStatus}` : describe(p.replicas),
  }
}

function describe(replicas: { node: string; phase: string; reason: string | null }[]): string {
  if (replicas.length === 0) return 'no replica exists'
  return replicas.map((r) => `${r.node}: ${r.phase}${r.reason ? ` (${r.reason})` : ''}`).join(', ')
}
