import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Conversation } from '../conversation'
import { RealParts } from '../real-parts'
import { until } from '../until'

let parts: RealParts
let ana: Conversation
beforeAll(async () => {
  parts = await RealParts.open({ demoNodes: 3 })
  ana = Conversation.ana(parts)
}, 240_000)
afterAll(() => parts?.close(), 60_000)

const open = () =>
  parts.db.replica.findMany({ where: { closedAt: null }, orderBy: { ordinal: 'asc' }, include: { node: true } })
const held = (name: string) => parts.db.reservation.count({ where: { releasedAt: null, gpu: { node: { name } } } })
/** "rank 0 of node-02": as the process was told. */
const ranks = async () =>
  (await open()).map(({ node, spec }) => {
    const { env } = spec as { env: Record<string, string> }
    return `rank ${env.NODE_RANK} of ${env.NNODES} on ${node.name}`
  })
const rendezvous = async () =>
  new Set(
    (await open()).map(({ spec }) => /--rdzv-id=(\S+)/.exec((spec as { command: string[] }).command.join(' '))?.[1]),
  )
const trains = (since: Date) => async () => {
  const replicas = await open()
  const steps = await parts.db.workloadMetric.groupBy({
    by: ['replicaId'],
    where: { name: 'loss', at: { gt: since }, replicaId: { in: replicas.map((r) => r.id) } },
  })
  return steps.length > 0
}

describe('a training across nodes', () => {
  it('moves whole: saved, ended on both, started again on one attempt beside the node that is left', async () => {
    const { planId } = await ana.say('fine-tune qwen-2.5-0.5b with lora on 16 gpus')
    const card = await ana.plan(planId ?? '')
    expect(card.content.affects.nodes).toHaveLength(2)
    await ana.approve(card.id)
    expect(`${(await ana.over(card.id)).state}`).toBe('succeeded')
    const before = await open()
    expect(await ranks()).toEqual(['rank 0 of 2 on node-01', 'rank 1 of 2 on node-02'])
    const [firstMeeting] = await rendezvous()
    await until('it trains', trains(new Date(0)), 120_000, () => parts.output())

    const drain = await ana.say('drain node-01')
    expect(drain.text).toContain('Draining node-01 moves 1 workload')
    const plan = await ana.plan(drain.planId ?? '')
    expect(plan.content.warnings.join(' ')).toContain('is one gang: all its 2 ranks restart together')
    await ana.approve(plan.id)
    const done = await ana.over(plan.id)
    expect(`${done.state}: ${done.stateReason}`).toBe('succeeded: null')

    const after = await open()
    expect(await ranks()).toEqual(['rank 0 of 2 on node-03', 'rank 1 of 2 on node-02'])
    expect(after.map((r) => r.attempt)).toEqual([after[0]?.attempt, after[0]?.attempt])
    expect(after.some((r) => before.some((old) => old.id === r.id))).toBe(false)
    const [secondMeeting, ...others] = await rendezvous()
    expect(others).toEqual([])
    expect(secondMeeting).not.toBe(firstMeeting)
    expect([await held('node-01'), await held('node-02'), await held('node-03')]).toEqual([0, 8, 8])
    expect((await parts.db.workload.findFirstOrThrow()).status).toBe('running')
    await until('exactly two processes live', async () => (await parts.liveProcesses()).length === 2)
    expect(done.steps.find((s) => s.kind === 'checkpoint-workload')?.progress).toMatch(
      /saved a checkpoint at step [\d,]+/,
    )
    expect(done.outcome?.text).toMatch(/resumed at step [\d,]+/)
    await until('it trains again', trains(new Date(done.finishedAt ?? 0)), 60_000, () => parts.output())
  }, 300_000)
})
