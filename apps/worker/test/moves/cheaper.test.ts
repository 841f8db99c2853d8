import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type MoveWorld, moveWorld, training } from './move-world'

let world: MoveWorld
beforeEach(async () => {
  world = await moveWorld()
})
afterEach(() => world.close())

describe('moving to where it costs less', () => {
  it('takes the cheapest node that has room, says what it saves, and comes back on undo', async () => {
    await world.run('train-a', 'node-03', training('train-a', 2))
    await world.db.node.update({
      where: { orgId_name: { orgId: world.orgId, name: 'node-02' } },
      data: { labels: { 'price-per-gpu-hour-usd': '1.20' } },
    })
    const plan = await world.propose('move train-a to cheaper capacity')
    expect(plan.content.title).toBe('Move train-a to node-02')
    expect(plan.content.changes[0]).toEqual({ label: 'Cost', before: '$5.80/h', after: '$2.40/h' })
    expect(plan.content.cost.perHourMicroUsd).toBe(-3_400_000)
    const last = await world.db.message.findFirstOrThrow({ where: { role: 'agent' }, orderBy: { createdAt: 'desc' } })
    expect(last.text).toContain('It saves $3.40 an hour.')
    await world.approve(plan)
    await world.nodes.settle()
    expect(await world.where('train-a')).toBe('running on node-02')
    expect((await world.propose('undo that')).content.title).toBe('Move train-a to node-03')
  })

  it('goes to the next cheaper one when the cheapest is full, and says so when none is left', async () => {
    await world.run('train-a', 'node-03', training('train-a', 2))
    await world.db.node.update({
      where: { orgId_name: { orgId: world.orgId, name: 'node-02' } },
      data: { labels: { 'price-per-gpu-hour-usd': '1.20' }, cordonedAt: new Date(), cordonReason: 'kept' },
    })
    expect((await world.propose('move train-a to cheaper capacity')).content.title).toBe('Move train-a to node-01')
    await world.db.plan.updateMany({ data: { state: 'withdrawn' } })
    await world.db.node.updateMany({ where: { name: 'node-01' }, data: { cordonedAt: new Date() } })
    const none = await world.say('move train-a to cheaper capacity')
    expect(none.text).toContain(
      'No cheaper place has room for train-a now; cheaper than node-03 ($2.90/GPU-h): node-01 $1.80, node-02 $1.20. Nothing was changed.',
    )
    expect(none.blocks.map((b) => b.type)).toContain('reasons')
  })

  it('says in a sentence that nothing is cheaper, that a price is missing, and that leased capacity comes later', async () => {
    await world.run('train-a', 'node-01', training('train-a', 2))
    expect((await world.say('move train-a to cheaper capacity')).text).toContain(
      'No node with a price is cheaper than node-01 ($1.80/GPU-h). Nothing was changed.',
    )
    await world.db.node.updateMany({ where: { name: 'node-01' }, data: { labels: {} } })
    expect((await world.say('move train-a to cheaper capacity')).text).toContain('node-01 has no price')
    expect((await world.say('move train-a to leased capacity')).text).toContain(
      "I can't move train-a to leased capacity yet",
    )
    expect(await world.db.plan.count()).toBe(0)
  })
})
