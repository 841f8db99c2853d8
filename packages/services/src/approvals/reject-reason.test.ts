import { afterAll, beforeAll, expect, it } from 'vitest'
import { sendMessage } from '../chat/send-message'
import { decide } from './decide'
import { type PlanWorld, planWorld, through } from './testing/plan-world'

let world: PlanWorld
beforeAll(async () => {
  world = await planWorld()
})
afterAll(() => world.close())

it('puts the reason of a rejection into the conversation that the plan came from, once and with its door', async () => {
  const ana = await world.member('approver', 'ana')
  const { threadId } = await sendMessage({ ctx: ana, input: { text: 'cordon node-01', clientKey: 'reject-reason' } })
  const reject = async (via: 'web' | 'slack' | 'cli' | 'chat', quote: string | null) => {
    const { planId, revision, digest, label } = await world.propose(ana)
    await world.db.plan.update({ where: { id: planId }, data: { threadId } })
    const reason = quote ?? 'wrong node, use node-02'
    await decide({ ctx: through(ana, via), input: { planId, revision, digest, decision: 'reject', reason, quote } })
    return label
  }
  const labels = [await reject('web', null), await reject('slack', null), await reject('cli', null)]
  // Typed words stand in the conversation already.
  await reject('chat', 'no, wrong node')
  const notes = await world.db.message.findMany({ where: { threadId, role: 'agent' }, orderBy: { seq: 'asc' } })
  expect(notes.map((note) => note.text)).toEqual([
    `${labels[0]} was rejected by ana: wrong node, use node-02`,
    `${labels[1]} was rejected by ana via Slack: wrong node, use node-02`,
    `${labels[2]} was rejected by ana from the command line: wrong node, use node-02`,
  ])
})
