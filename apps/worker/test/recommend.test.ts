import { sendMessage } from '@clawbernetes/services/chat/send-message'
import { expirePlans } from '@clawbernetes/services/plans/expire-plans'
import { newId, type Ctx } from '@clawbernetes/services/context'
import { setPolicy } from '@clawbernetes/services/policy/set-policy'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import pino from 'pino'
import { runAgent } from '../src/agent/run-agent'
import { job, type MoveWorld, moveWorld, training } from './moves/move-world'

let world: MoveWorld
beforeEach(async () => {
  world = await moveWorld()
  await world.run('train-a', 'node-01', training('train-a', 2))
  await failingMemory('node-01', 0)
})
afterEach(() => world.close())

/** What the diagnosis writes when a card's memory is going. */
const failingMemory = (node: string, index: number) =>
  found(node, index, { rule: 'ecc-uncorrected', title: 'Uncorrected memory errors', detail: '2 since the last reset.' })

async function found(node: string, index: number, what: { rule: string; title: string; detail: string }) {
  const at = new Date()
  const gpu = await world.db.gpu.findFirstOrThrow({ where: { index, node: { name: node } } })
  const evidence = { for: [], against: [], hypotheses: [], confidence: 'high', nextTest: null, action: null }
  await world.db.finding.create({
    data: {
      id: newId('finding', at),
      orgId: world.orgId,
      nodeId: gpu.nodeId,
      gpuId: gpu.id,
      ...what,
      severity: 'critical',
      evidence,
      since: at,
      lastSeenAt: at,
    },
  })
}

const silent = pino({ level: 'silent' })
const REPORT = 'give me a daily health report'
const planIds = (answer: { blocks: { type: string; planId?: string }[] }) =>
  answer.blocks.flatMap((b) => (b.type === 'plan' && b.planId ? [b.planId] : []))
const report = async (ctx?: Ctx) => planIds(await world.say(REPORT, ctx))
const elsewhere = async <T>(talk: () => Promise<T>): Promise<T> => {
  const { inner } = world
  const before = inner.threadId
  inner.threadId = null
  const result = await talk()
  inner.threadId = before
  return result
}

const startThread = (ctx: Ctx) =>
  sendMessage({ ctx, input: { threadId: null, text: REPORT, clientKey: `key-${Math.random()}` } })

describe('a recommendation', () => {
  it('comes with its card, and "do it" approves exactly that card', async () => {
    const answer = await world.say(REPORT)
    expect(answer.text).toContain('I recommend: Drain node-01 and isolate GPU 0')
    expect(answer.text).toContain('Shall I do it? PL-101 is drawn up: say “do it”, or use its card.')
    expect(answer.tools).toEqual(['health_report', 'drain_node'])
    const [planId = ''] = planIds(answer)
    const plan = await world.plan(planId)
    expect(plan.content.title).toBe('Drain node-01, isolate GPU 0')
    expect(plan.content.why).toContain('Recommended in the answer to: “give me a daily health report”')
    expect(plan.state).toBe('proposed')
    expect((await world.say('do it')).text).toContain('PL-101 is approved')
    await world.nodes.settle()
    expect((await world.plan(planId)).state).toBe('succeeded')
    expect(await world.db.plan.count()).toBe(1)
    expect(await world.where('train-a')).toBe('running on node-02')
  })

  it('is one card however often the report is read, in this conversation and in others', async () => {
    const [first = ''] = await report()
    expect(await report()).toEqual([first])
    const ben = await world.member('operator', 'ben')
    expect(await elsewhere(() => report(ben))).toEqual([first])
    expect(await world.db.plan.count()).toBe(1)
  })

  it('is one card for two reports at the same moment, and for one beside a decision on it', async () => {
    const ben = await world.member('operator', 'ben')
    const threads = await Promise.all([startThread(world.ana), startThread(ben)])
    await Promise.all(threads.map(({ runId }) => runAgent(world.sys, runId, silent)))
    expect(await world.db.plan.count()).toBe(1)
    const { id } = await world.db.plan.findFirstOrThrow()
    await world.run('other', 'node-01', job())
    const [decided] = await Promise.allSettled([world.approve(await world.plan(id)), report()])
    expect(decided.status === 'fulfilled' ? decided.value : String(decided.reason)).toMatch(/stale|withdrawn/)
    const open = await world.db.plan.count({ where: { state: 'proposed' } })
    expect(open).toBe(1)
  })

  it('is what a yes means in a conversation that was shown the card of another one', async () => {
    const [first = ''] = await report()
    const ben = await world.member('operator', 'ben')
    const said = await elsewhere(async () => {
      await world.say(REPORT, ben)
      return world.say('do it', ben)
    })
    expect(said.text).toContain('PL-101 is approved')
    expect((await world.plan(first)).decisions[0]).toMatchObject({ userName: 'ben', quote: 'do it' })
  })

  it('is told of, and taken back, in the conversation that showed it last', async () => {
    const [first = ''] = await report()
    const said = await elsewhere(async () => {
      await world.say(REPORT)
      await world.say('do it')
      const { threadId } = await world.db.plan.findUniqueOrThrow({ where: { id: first } })
      expect(threadId).toBe(world.inner.threadId)
      await world.nodes.settle()
      return world.say('undo that')
    })
    expect(said.text).toContain('To undo PL-101')
  })

  it('stays with who asked for it in words', async () => {
    const asked = await world.say('drain node-01 and isolate gpu 0')
    const [planId = ''] = planIds(asked)
    const { threadId } = await world.db.plan.findUniqueOrThrow({ where: { id: planId } })
    await elsewhere(() => world.say(REPORT))
    expect(await world.db.plan.findUniqueOrThrow({ where: { id: planId } })).toMatchObject({ threadId })
  })

  it('answers "GPU 2 seems slow" with the move that helps, and "yes" makes it', async () => {
    await world.db.finding.deleteMany()
    await world.run('llama', 'node-01', training('llama', 1))
    await found('node-01', 2, { rule: 'thermal-throttling', title: 'GPU 2 throttles', detail: 'The hardware says so.' })
    const answer = await world.say('GPU 2 on node-01 seems slow')
    expect(answer.text).toMatch(/I recommend: Move llama to node-0[23]/)
    const [planId = ''] = planIds(answer)
    expect((await world.plan(planId)).content.title).toMatch(/^Move llama to node-0[23]$/)
    expect((await world.say('yes')).text).toContain('is approved')
    await world.nodes.settle()
    expect((await world.plan(planId)).state).toBe('succeeded')
    expect(await world.where('llama')).toMatch(/^running on node-0[23]$/)
  })

  it('waits on its card when text from machines was read on the way: a typed yes does not approve it', async () => {
    await world.db.finding.deleteMany()
    await found('node-01', 0, { rule: 'hung-context', title: 'A hung context', detail: 'No progress for 20 min.' })
    const answer = await world.say('training is stuck on node-01, train-a makes no progress')
    expect(answer.tools).toEqual(['incident_investigate', 'restart_workload'])
    expect(answer.text).toContain('Shall I do it? PL-101 is drawn up and waits on its card.')
    const [planId = ''] = planIds(answer)
    expect((await world.plan(planId)).content.origin.untrusted).not.toEqual([])
    expect((await world.say('do it')).text).toContain('needs the button')
    expect((await world.plan(planId)).state).toBe('proposed')
  })

  it('is replaced when its grounds have moved, and the new one can be undone', async () => {
    const [first = ''] = await report()
    await world.run('other', 'node-01', job())
    const [second = ''] = await report()
    expect(second).not.toBe(first)
    expect(await world.plan(first)).toMatchObject({
      state: 'withdrawn',
      stateReason: 'Replaced by PL-102: the fleet changed since it was drawn up.',
      successor: { id: second },
    })
    expect((await world.say('do it')).text).toContain('PL-102 is approved')
    await world.nodes.settle()
    expect((await world.plan(second)).state).toBe('succeeded')
    expect((await world.say('undo that')).text).toContain('To undo PL-102')
  })

  it('is drawn anew after the old card expired', async () => {
    const [first = ''] = await report()
    world.setNow(new Date(Date.now() + 31 * 60_000))
    await expirePlans(world.sys)
    const [second = ''] = await report()
    expect(second).not.toBe(first)
    expect((await world.plan(first)).state).toBe('expired')
  })

  it('is not drawn a second time while it is carried out', async () => {
    const [planId = ''] = await report()
    await world.say('do it')
    await world.runDueJobs(2)
    const again = await world.say(REPORT)
    expect(planIds(again)).toEqual([planId])
    expect(again.text).toContain('PL-101 does that already.')
    expect((await world.say('do it')).text).toContain('Nothing is waiting')
    await world.nodes.settle()
    expect((await world.plan(planId)).state).toBe('succeeded')
    expect(await world.db.plan.count()).toBe(1)
  })

  it('never runs by itself, whatever the policy lets run', async () => {
    await setPolicy({
      ctx: world.ana,
      input: {
        document: { preset: 'autopilot', edits: {} },
        expectedVersion: 1,
      },
    })
    const [planId = ''] = await report()
    expect((await world.plan(planId)).state).toBe('proposed')
    expect(await world.db.planStep.count()).toBe(0)
    await world.say('do it')
    await world.nodes.settle()
    expect((await world.plan(planId)).state).toBe('succeeded')
  })

  it('stays words for a viewer, and where it cannot be done', async () => {
    const eve = await world.member('viewer', 'eve')
    const seen = await world.say(REPORT, eve)
    expect(seen.text).toContain('I recommend: Drain node-01')
    expect(seen.text).not.toContain('Shall I')
    expect(planIds(seen)).toEqual([])
    await world.db.node.updateMany({
      where: { name: { not: 'node-01' } },
      data: { cordonedAt: new Date(), cordonReason: 'full' },
    })
    const stuck = await world.say(REPORT)
    expect(stuck.text).toContain('I recommend: Drain node-01')
    expect(planIds(stuck)).toEqual([])
    expect((await world.say('do it')).text).toContain("can't drain node-01 without breaking something")
    expect(await world.db.plan.count()).toBe(0)
  })

  it('is rejected with "no", and nothing changes', async () => {
    const [planId = ''] = await report()
    expect((await world.say('no')).text).toContain('rejected')
    expect((await world.plan(planId)).state).toBe('rejected')
    expect(await world.where('train-a')).toBe('running on node-01')
  })
})
