import { decide } from '@clawbernetes/services/approvals/decide'
import { sendMessage } from '@clawbernetes/services/chat/send-message'
import type { Ctx } from '@clawbernetes/services/context'
import { readPlan } from '@clawbernetes/services/plans/read-plan'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type PartName, RealParts } from '../real-parts'
import { until } from '../until'

/** Plans in flight while things die; each is asked for in a sentence, approved, run, and stopped again by another plan. */
const PLANS = 6
const KILLS: PartName[] = [
  'worker',
  'gateway',
  'agent',
  'postgres',
  'worker',
  'agent',
  'gateway',
  'worker',
  'postgres',
  'agent',
  'worker',
  'gateway',
]
/** A killed worker's jobs are freed after five seconds without a beat. */
const SETTLE_MS = 120_000

let parts: RealParts
let ana: Ctx
beforeAll(async () => {
  parts = await RealParts.open({ demoNodes: 2 })
  ana = parts.owner()
}, 180_000)
afterAll(() => parts?.close(), 60_000)

/** Retries what a dying Postgres refused: the client's side of the bargain, with one key for one message. */
async function insist<T>(what: () => Promise<T>): Promise<T> {
  let result: { value: T } | undefined
  await until('the call is answered', async () => {
    result = { value: await what() }
    return true
  })
  if (!result) throw new Error('unreachable')
  return result.value
}

async function ask(text: string, key: string): Promise<string> {
  const { threadId } = await insist(() => sendMessage({ ctx: ana, input: { text, clientKey: `key-${key}` } }))
  await until(
    `"${text}" has a plan`,
    async () => (await parts.db.plan.count({ where: { threadId } })) > 0,
    SETTLE_MS,
    () => parts.output(),
  )
  const plan = await insist(() => parts.db.plan.findFirstOrThrow({ where: { threadId } }))
  return plan.id
}

async function approve(planId: string, typedName: string | null = null): Promise<void> {
  await until('the approval is recorded', async () => {
    const plan = await readPlan({ ctx: ana, input: { planId } })
    if (plan.state !== 'proposed') return true
    await decide({
      ctx: ana,
      input: { planId, revision: plan.revision, digest: plan.digest, decision: 'approve', typedName },
    })
    return true
  })
}

describe('killing processes in the middle of plans', () => {
  it('loses no step, does none twice, leaves nothing reserved', async () => {
    const names = Array.from({ length: PLANS }, (_, i) => i)
    const killing = (async () => {
      for (const [i, part] of KILLS.entries()) {
        // Between 0.2 and 1.2 s apart, at points that differ from part to part.
        await new Promise((resolve) => setTimeout(resolve, 200 + ((i * 397) % 1000)))
        await parts.kill(part)
        await parts.start(part)
      }
    })()
    const started: string[] = []
    for (const i of names) {
      const planId = await ask('fine-tune qwen-2.5-0.5b with lora on 1 gpu', `start-${i}`)
      await approve(planId)
      started.push(planId)
      // The next draft must see what this one took; starting and watching go on side by side.
      await until(
        'its GPU is claimed',
        async () => (await parts.db.reservation.count()) > i,
        SETTLE_MS,
        () => parts.output(),
      )
    }
    await killing
    await until(
      'every plan has ended',
      async () => (await parts.db.plan.count({ where: { state: { in: ['proposed', 'approved', 'running'] } } })) === 0,
      SETTLE_MS,
      () => parts.output(),
    )

    const plans = await parts.db.plan.findMany({ where: { id: { in: started } }, include: { steps: true } })
    expect(plans.map((p) => `${p.state}: ${p.stateReason}`)).toEqual(plans.map(() => 'succeeded: null'))
    for (const plan of plans) expect(plan.steps.map((s) => s.state)).toEqual(['succeeded', 'succeeded', 'succeeded'])

    const workloads = await parts.db.workload.findMany({ include: { replicas: true } })
    expect(workloads).toHaveLength(PLANS)
    for (const w of workloads) expect(w.replicas).toHaveLength(1)
    expect(await parts.db.reservation.count({ where: { releasedAt: null } })).toBe(PLANS)
    await until(
      'exactly one process lives per workload',
      async () => (await parts.liveProcesses()).length === PLANS,
      SETTLE_MS,
      () => parts.output(),
    )
    // Each answered message has one answer, and each plan one continuation.
    expect(await parts.db.agentRun.count({ where: { kind: 'continuation' } })).toBe(PLANS)

    for (const w of workloads) await approve(await ask(`stop ${w.name}`, `stop-${w.name}`), w.name)
    await until(
      'everything is stopped and free',
      async () =>
        (await parts.db.reservation.count({ where: { releasedAt: null } })) === 0 &&
        (await parts.db.replica.count({ where: { closedAt: null } })) === 0,
      SETTLE_MS,
      () => parts.output(),
    )
    await until(
      'no process lives',
      async () => (await parts.liveProcesses()).length === 0,
      SETTLE_MS,
      () => parts.output(),
    )
  }, 600_000)
})
