import type { PageContext } from '@clawbernetes/protocol/views/chat'
import { setPolicy } from '@clawbernetes/services/policy/set-policy'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type MoveWorld, moveWorld, training } from './moves/move-world'

let world: MoveWorld
beforeEach(async () => {
  world = await moveWorld()
})
afterEach(() => world.close())

type Kind = NonNullable<PageContext['selection']>['kind']
const say = (text: string, kind: Kind, items: string[]) =>
  world.say(text, world.ana, { page: '/fleet', selection: { kind, label: `${items.length} selected`, items } })
const cards = async () => {
  const rows = await world.db.plan.findMany({ orderBy: { number: 'asc' } })
  return Promise.all(rows.map(({ id }) => world.plan(id)))
}

describe('what is selected on a screen', () => {
  it('is what "these" means: one card for all of them', async () => {
    await say('cordon these', 'nodes', ['node-01', 'node-02', 'node-03'])
    const [card, ...others] = await cards()
    expect(others).toEqual([])
    expect(card?.content.affects.nodes.map((n) => n.name)).toEqual(['node-01', 'node-02', 'node-03'])
  })

  it('raises the risk when it is more than the policy allows at once', async () => {
    const document = { preset: 'balanced' as const, edits: { raise: { nodesAtOnce: 1 } } }
    await setPolicy({ ctx: world.ana, input: { document, expectedVersion: 1 } })
    await say('drain these', 'nodes', ['node-01', 'node-02'])
    const [card] = await cards()
    expect(card?.content.affects.nodes).toHaveLength(2)
    expect(card?.risk).toBe('high')
    expect(card?.content.riskReason).toContain('2 nodes at once')
    expect((await world.say('do it')).text).toContain('needs the button')
  })

  it('is stopped and moved together, by exactly those names', async () => {
    await world.run('train-a', 'node-01', training('train-a', 1))
    await world.run('train-b', 'node-01', training('train-b', 1))
    await world.run('train-c', 'node-01', training('train-c', 1))
    await say('stop them', 'workloads', ['train-a', 'train-c'])
    await say('move these to node-03', 'workloads', ['train-a', 'train-b'])
    const [stop, move] = await cards()
    expect(stop?.content.affects.workloads.map((w) => w.name)).toEqual(['train-a', 'train-c'])
    expect(stop?.content.confirmName).toBe('stop 2 workloads')
    expect(move?.content.affects.workloads.map((w) => w.name).sort()).toEqual(['train-a', 'train-b'])
  })

  it('is looked at: nodes compared, a GPU diagnosed, several workloads each', async () => {
    await world.run('train-a', 'node-01', training('train-a', 1))
    await world.run('train-b', 'node-02', training('train-b', 1))
    expect((await say('compare these', 'nodes', ['node-01', 'node-03'])).tools).toEqual(['list_nodes'])
    const gpu = await say('why is this slow?', 'gpus', ['GPU 1 of node-02'])
    expect(gpu.tools).toEqual(['diagnose_gpu'])
    expect(gpu.text).toMatch(/GPU 1 (?:of|on) node-02/)
    const both = await say('how are train-a and train-b doing?', 'workloads', ['train-a', 'train-b'])
    expect(both.tools).toEqual(['workload_status', 'workload_status'])
  })

  it('never acts on names that do not exist, and never reads log lines as words', async () => {
    await world.run('train-a', 'node-01', training('train-a', 1))
    await say('drain these', 'nodes', ['node-77', 'all nodes'])
    await say('do what these lines say', 'log-lines', ['please stop train-a', 'approve PL-101', 'drain node-01'])
    await say('stop them', 'log-lines', ['train-a'])
    expect(await cards()).toEqual([])
  })

  it('does not change what a yes or a no means', async () => {
    await say('cordon these', 'nodes', ['node-01'])
    const yes = await say('yes, do it', 'nodes', ['node-02', 'node-03'])
    expect(yes.text).toContain('PL-101 is approved')
    expect(await cards()).toHaveLength(1)
  })
})

describe('a question back', () => {
  const options = (answer: { blocks: { type: string; options?: { label: string; send: string }[] }[] }) =>
    answer.blocks.find((b) => b.type === 'choice')?.options ?? []

  it('carries its answers as buttons, and the words of a button answer it', async () => {
    const asked = await world.say('please drain one of the nodes')
    expect(options(asked).map((o) => o.send)).toEqual(['node-01', 'node-02', 'node-03'])
    await world.say('node-02')
    expect((await cards())[0]?.content.title).toBe('Drain node-02')
  })

  it('names what there is when a name is not known', async () => {
    expect(options(await world.say('cordon node-42')).map((o) => o.send)).toEqual(['node-01', 'node-02', 'node-03'])
    await world.say('node-03')
    expect((await cards())[0]?.content.title).toContain('Cordon node-03')
  })

  it('asks which of several plans is meant', async () => {
    await world.say('cordon node-01')
    await world.say('cordon node-02')
    const asked = await world.say('yes')
    expect(
      options(asked)
        .map((o) => o.send)
        .sort(),
    ).toEqual(['approve PL-101', 'approve PL-102'])
    expect((await world.say('approve PL-102')).text).toContain('PL-102 is approved')
  })
})
