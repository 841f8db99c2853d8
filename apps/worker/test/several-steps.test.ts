import { decide } from '@clawbernetes/services/approvals/decide'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type MoveWorld, moveWorld, training } from './moves/move-world'

let world: MoveWorld
beforeEach(async () => {
  world = await moveWorld()
})
afterEach(() => world.close())

const SENTENCE = 'drain node-01 and then label it rack=b'
const plans = async () => {
  const rows = await world.db.plan.findMany({ orderBy: { number: 'asc' } })
  return Promise.all(rows.map(({ id }) => world.plan(id)))
}
const lastWords = async () =>
  (await world.db.message.findFirstOrThrow({ where: { role: 'agent' }, orderBy: { seq: 'desc' } })).text
const labelled = async () =>
  ((await world.db.node.findFirstOrThrow({ where: { name: 'node-01' } })).labels as Record<string, string>).rack

describe('a request of several steps', () => {
  it('is carried out in order: the next card comes when the plan before it is done', async () => {
    await world.run('train-a', 'node-01', training('train-a', 2))
    const answer = await world.say(SENTENCE)
    const [first, ...others] = await plans()
    expect(others).toEqual([])
    expect(first?.content.title).toBe('Step 1 of 2: Drain node-01')
    expect(answer.text).toContain(`That is step 1 of 2. When ${first?.label} is done I go on with label a node`)
    expect(await labelled()).toBeUndefined()
    await world.say('what is running?')
    await world.say('do it')
    await world.nodes.settle()
    const [drained, label] = await plans()
    expect(drained?.state).toBe('succeeded')
    expect(label?.content.title).toBe('Step 2 of 2: Label node-01: rack=b')
    // Low risk: the policy lets it run by itself, but only now.
    expect(label?.state).toBe('succeeded')
    expect(label?.startedAt && drained?.finishedAt && label.startedAt >= drained.finishedAt).toBe(true)
    expect(await labelled()).toBe('b')
  })

  it('previews the later step against the world that the earlier one left', async () => {
    await world.say('cordon node-01 and then label it rack=b, then uncordon node-01')
    await world.say('yes')
    await world.nodes.settle()
    const all = await plans()
    expect(all.map((plan) => plan.content.title)).toEqual([
      expect.stringContaining('Step 1 of 3: Cordon node-01'),
      'Step 2 of 3: Label node-01: rack=b',
      'Step 3 of 3: Uncordon node-01',
    ])
    expect(all.at(-1)?.state).toBe('proposed')
    await world.say('yes')
    await world.nodes.settle()
    expect((await world.db.node.findFirstOrThrow({ where: { name: 'node-01' } })).cordonedAt).toBeNull()
  })

  it('does not go on when the step before fails, is rejected, or could not be proposed', async () => {
    await world.run('train-a', 'node-01', training('train-a', 2))
    world.nodes.behaviour.checkpoint = { failed: 'No newer checkpoint.' }
    await world.say(SENTENCE)
    await world.say('do it')
    await world.nodes.settle()
    expect(await lastWords()).toMatch(/Because PL-101 is failed, what was to follow is left out: label a node/)
    await world.db.node.updateMany({ data: { cordonedAt: null, cordonReason: null } })

    await world.say(SENTENCE)
    expect((await world.say('no')).text).toContain('What was to follow it is dropped: label a node')

    await world.db.node.updateMany({ where: { name: { not: 'node-01' } }, data: { cordonedAt: new Date() } })
    const stuck = await world.say(SENTENCE)
    expect(stuck.text).toContain("can't drain node-01 without breaking something")
    expect(stuck.text).toContain('What was to follow is left out: label a node')
    await world.nodes.settle()
    expect(await labelled()).toBeUndefined()
  })

  it('keeps its place when it is changed, and asks for what is missing before anything follows', async () => {
    await world.say('cordon node-01 for 2 hours and then label it rack=b')
    const [card] = await plans()
    await world.say('use node-02 instead')
    const revised = await world.plan(card?.id ?? '')
    expect(revised.revision).toBe(2)
    expect(revised.content.title).toContain('Step 1 of 2: Cordon node-02')
    await world.db.plan.updateMany({ data: { state: 'withdrawn' } })
    world.inner.threadId = null
    const asked = await world.say('please drain one of the nodes, then label node-02 with rack=c')
    expect(asked.text).toContain('Which node?')
    expect(asked.text).toContain('ask again for the rest: label a node')
    expect(asked.blocks.find((b) => b.type === 'choice')?.options).toHaveLength(3)
  })

  it('never decides on a card that a later step would draw', async () => {
    const answer = await world.say('drain node-01 and then approve it')
    await world.nodes.settle()
    for (const plan of await plans()) expect(`${answer.text} ${plan.state}`).toContain('proposed')
    expect(await world.db.approval.count()).toBe(0)
  })

  it('looks at once, and again where a look stands behind a change', async () => {
    const answer = await world.say('list the nodes and then cordon node-02')
    expect(answer.tools).toEqual(['list_nodes', 'cordon_node'])
    const [plan] = await plans()
    if (!plan) throw new Error('no card')
    const { id, revision, digest } = plan
    await decide({ ctx: world.ana, input: { planId: id, revision, digest, decision: 'approve' } })
    await world.nodes.settle()
    expect((await plans()).map((p) => p.state)).toEqual(['succeeded'])
  })
})
