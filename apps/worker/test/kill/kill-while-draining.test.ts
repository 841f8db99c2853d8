import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Conversation } from '../conversation'
import { type PartName, RealParts } from '../real-parts'
import { until } from '../until'

/** Killed one after the other while two trainings are on their way from one node to another. */
const KILLS: PartName[] = ['worker', 'agent', 'gateway', 'worker', 'postgres', 'agent', 'worker']
const SETTLE_MS = 120_000
const TRAININGS = 2

let parts: RealParts
let ana: Conversation
beforeAll(async () => {
  parts = await RealParts.open({ demoNodes: 2 })
  ana = Conversation.ana(parts)
}, 240_000)
afterAll(() => parts?.close(), 60_000)

/** Retries what a dying Postgres refused. */
async function insist<T>(what: () => Promise<T>): Promise<T> {
  let result: { value: T } | undefined
  await until('the call is answered', async () => {
    result = { value: await what() }
    return true
  })
  if (!result) throw new Error('unreachable')
  return result.value
}

describe('killing processes in the middle of a drain', () => {
  it('every workload ends up running exactly once, and nothing is reserved twice', async () => {
    for (let i = 0; i < TRAININGS; i++) {
      const { planId } = await ana.say('fine-tune qwen-2.5-0.5b with lora on 1 gpu')
      await ana.approve(planId ?? '')
      await ana.over(planId ?? '')
      await until(
        `${i + 1} run`,
        async () => (await parts.db.workload.count({ where: { status: 'running' } })) === i + 1,
      )
    }
    const running = await parts.db.workload.findMany({ include: { replicas: { include: { node: true } } } })
    expect(running.flatMap((w) => w.replicas.map((r) => r.node.name))).toEqual(['node-01', 'node-01'])
    await until(
      'both train',
      async () => (await parts.db.workloadMetric.groupBy({ by: ['workloadId'], where: { name: 'loss' } })).length === 2,
      SETTLE_MS,
      () => parts.output(),
    )

    const { planId, text } = await ana.say('drain node-01')
    expect(text).toContain('Draining node-01 moves 2 workloads to node-02')
    const drain = planId ?? ''
    expect((await ana.plan(drain)).content.affects.workloads).toHaveLength(2)
    await ana.approve(drain)
    const killing = (async () => {
      for (const [i, part] of KILLS.entries()) {
        await new Promise((resolve) => setTimeout(resolve, 300 + ((i * 397) % 900)))
        await parts.kill(part)
        await parts.start(part)
      }
    })()
    const over = ['succeeded', 'failed', 'stale', 'cancelled']
    await until(
      'the drain is over',
      async () => over.includes((await ana.plan(drain)).state),
      SETTLE_MS,
      () => parts.output(),
    )
    await killing
    const done = await insist(() => ana.plan(drain))
    expect(`${done.state}: ${done.stateReason}`).toBe('succeeded: null')

    const workloads = await parts.db.workload.findMany({
      include: {
        replicas: { where: { closedAt: null }, include: { node: true, reservations: { where: { releasedAt: null } } } },
      },
    })
    for (const w of workloads) {
      expect(`${w.name} is ${w.status}`).toBe(`${w.name} is running`)
      expect(w.movingPlan).toBeNull()
      expect(w.replicas.map((r) => r.node.name)).toEqual(['node-02'])
      expect(w.replicas.flatMap((r) => r.reservations)).toHaveLength(1)
    }
    expect(await parts.db.reservation.count({ where: { releasedAt: null } })).toBe(2)
    await until(
      'exactly one process lives per workload',
      async () => (await parts.liveProcesses()).length === 2,
      SETTLE_MS,
      () => parts.output(),
    )
    const node = await parts.db.node.findFirstOrThrow({ where: { name: 'node-01' } })
    expect(node.cordonedAt).not.toBeNull()
    for (const step of done.steps) expect(`${step.title}: ${step.state}`).toBe(`${step.title}: succeeded`)
  }, 400_000)
})
