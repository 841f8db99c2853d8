import { setTimeout as pause } from 'node:timers/promises'
import { decide } from '@clawbernetes/services/approvals/decide'
import { sendMessage } from '@clawbernetes/services/chat/send-message'
import { readPlan } from '@clawbernetes/services/plans/read-plan'
import { RealParts } from '../test/real-parts'
import { until } from '../test/until'
import { ms, percentile } from './percentile'
import { submit, trivial } from './queue'
import { slurmPeer } from './slurm-peer'

const COMMAND = 'npm run bench -- execution'
const NODES = 16

/** From a queued job to its process, and from an approval to a running workload, over the real processes. */
export async function* executionRows(quick: boolean) {
  const parts = await RealParts.open({ demoNodes: NODES })
  try {
    yield await approvals(parts, quick ? 5 : 30)
    yield* jobs(parts, quick ? 100 : 1000)
  } finally {
    await parts.close()
  }
}

async function approvals(parts: RealParts, count: number) {
  const ctx = parts.owner()
  const took: number[] = []
  for (let i = 0; i < count; i++) {
    const text = 'run the job `sleep 600` on node-01 with image busybox:latest'
    const { threadId } = await sendMessage({ ctx, input: { text, clientKey: `bench-approve-${i}` } })
    await until('the plan is there', async () => (await parts.db.plan.count({ where: { threadId } })) === 1)
    const row = await parts.db.plan.findFirstOrThrow({ where: { threadId } })
    const plan = await readPlan({ ctx, input: { planId: row.id } })
    const approved = Date.now()
    const input = { planId: plan.id, revision: plan.revision, digest: plan.digest, decision: 'approve' as const }
    await decide({ ctx, input })
    for (;;) {
      const { state, finishedAt } = await parts.db.plan.findUniqueOrThrow({ where: { id: plan.id } })
      if (finishedAt && state === 'succeeded') {
        took.push(finishedAt.getTime() - approved)
        break
      }
      if (finishedAt) throw new Error(`a plan of the bench is ${state}`)
      await pause(5)
    }
  }
  const p95 = percentile(took, 0.95)
  return {
    figure: `approve → running, p95 of ${count}`,
    value: `${ms(p95)} (median ${ms(percentile(took, 0.5))})`,
    bar: '≤ 500 ms',
    met: p95 <= 500,
    command: COMMAND,
  }
}

async function* jobs(parts: RealParts, count: number) {
  const sys = { db: parts.db, now: () => new Date() }
  const where = { orgId: parts.orgId, kind: 'job' as const }
  const began = performance.now()
  await submit(sys, parts.orgId, count, 8, trivial(1))
  await until(
    'every job has ended',
    async () =>
      (await parts.db.workload.count({ where: { ...where, status: { notIn: ['succeeded', 'failed'] } } })) === 0,
    600_000,
    () => parts.output(),
  )
  const perS = count / ((performance.now() - began) / 1000)
  const failed = await parts.db.workload.count({ where: { ...where, status: 'failed' } })
  const replicas = await parts.db.replica.findMany({
    where: { workload: where },
    select: { startedAt: true, workload: { select: { createdAt: true } } },
  })
  const waits = replicas.flatMap((r) => (r.startedAt ? [r.startedAt.getTime() - r.workload.createdAt.getTime()] : []))
  const slurm = await slurmPeer(count)
  const jobRow = { command: COMMAND, bar: '≥ 2×' }
  const ratio = slurm.jobsPerS ? perS / slurm.jobsPerS : null
  yield {
    ...jobRow,
    figure: `jobs/s submit → ended, ${count} × 1 GPU on ${NODES} × 8${failed > 0 ? `, ${failed} failed` : ''}`,
    value: `${perS.toFixed(1)} /s`,
    peer: slurm.jobsPerS ? `Slurm ${slurm.jobsPerS.toFixed(1)} /s` : slurm.why,
    ...(ratio === null ? {} : { ratio: `${ratio.toFixed(1)}×`, met: ratio >= 2 }),
  }
  const p50 = percentile(waits, 0.5)
  yield {
    command: COMMAND,
    figure: 'submit → process started, p50',
    value: `${ms(p50)} (p95 ${ms(percentile(waits, 0.95))})`,
    peer: slurm.waitP50Ms ? `Slurm ${ms(slurm.waitP50Ms)}` : slurm.why,
    bar: 'lower',
    ...(slurm.waitP50Ms ? { ratio: `${(slurm.waitP50Ms / p50).toFixed(1)}×`, met: p50 < slurm.waitP50Ms } : {}),
  }
}
