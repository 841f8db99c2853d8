import { freeze } from '@clawbernetes/services/approvals/freeze'
import { unfreeze } from '@clawbernetes/services/approvals/unfreeze'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type MoveWorld, moveWorld, training } from './move-world'

const HOUR_MS = 3_600_000

let world: MoveWorld
beforeEach(async () => {
  world = await moveWorld()
  await world.run('train-a', 'node-01', training('train-a', 2))
})
afterEach(() => world.close())

/** One job, or where none is due one look of the machines. */
async function advance(): Promise<boolean> {
  return (await world.runDueJobs(1)) > 0 || (await world.nodes.round()) > 0
}
const steps = (planId: string) =>
  world.db.planStep.findMany({
    where: { planId },
    orderBy: { ordinal: 'asc' },
    select: { kind: true, state: true, attempt: true },
  })
const starts = () => world.nodes.history.filter((line) => line.startsWith('start '))

async function moving() {
  const plan = await world.propose('move train-a to node-03')
  await world.approve(plan)
  return plan.id
}
/** How many pieces of work the move is made of, from its approval to its end. */
async function lengthOfMove(): Promise<number> {
  const planId = await moving()
  let pieces = 0
  while ((await world.plan(planId)).state !== 'succeeded') {
    expect(await advance()).toBe(true)
    pieces++
  }
  return pieces
}

describe('an emergency stop in the middle of a move', () => {
  it('pauses it at every boundary, says what is down meanwhile, and goes on by itself without doubling anything', async () => {
    const pieces = await lengthOfMove()
    expect(pieces).toBeGreaterThan(6)
    const told: string[] = []
    for (let at = 0; at < pieces; at++) {
      await world.close()
      world = await moveWorld()
      await world.run('train-a', 'node-01', training('train-a', 2))
      const planId = await moving()
      for (let piece = 0; piece < at; piece++) await advance()
      await freeze({ ctx: world.ana, input: { reason: 'Wrong node' } })
      const before = await steps(planId)
      await world.nodes.settle()
      // The machines end and answer what they were asked before; no step goes on.
      expect(await steps(planId)).toEqual(before)
      const { paused, state } = await world.plan(planId)
      expect(state === 'approved' || state === 'running').toBe(true)
      expect(paused?.text).toContain('pulled the emergency stop')
      expect(paused?.text).toContain('goes on by itself')
      const isDown = (await world.db.replica.count({ where: { desired: 'run', closedAt: null } })) === 0
      expect(paused?.stopped).toEqual(isDown ? ['train-a'] : [])
      if (isDown) expect(paused?.text).toContain('train-a has ended in the old place')
      told.push(isDown ? 'down' : 'up')
      // Longer than any step may take.
      world.setNow(new Date(Date.now() + HOUR_MS))
      await unfreeze({ ctx: world.ana, input: { reason: 'Looked at' } })
      await world.nodes.settle()
      const after = await world.plan(planId)
      expect(`${at}: ${after.state} ${after.stateReason}`).toBe(`${at}: succeeded null`)
      expect(after.paused).toBeNull()
      expect(await world.where('train-a')).toBe('running on node-03')
      expect([await world.held('node-01'), await world.held('node-03')]).toEqual([0, 2])
      expect(starts()).toEqual(['start train-a on node-01', 'start train-a on node-03'])
      expect(world.nodes.history.filter((line) => line.startsWith('checkpoint'))).toHaveLength(1)
      expect(world.nodes.most.get('train-a')).toBe(1)
    }
    expect(new Set(told)).toEqual(new Set(['up', 'down']))
  }, 180_000)

  it('tells whoever looks at the card when it is pulled and when it is lifted', async () => {
    const planId = await moving()
    while ((await steps(planId))[0]?.state !== 'succeeded') await advance()
    const { version } = await world.plan(planId)
    await freeze({ ctx: world.ana, input: { reason: 'Wrong node' } })
    const frozen = await world.plan(planId)
    expect(frozen.version).toBeGreaterThan(version)
    expect(frozen.paused?.text).toContain('1 of 5 steps are done.')
    await unfreeze({ ctx: world.ana, input: { reason: 'Looked at' } })
    const lifted = await world.plan(planId)
    expect(lifted.version).toBeGreaterThan(frozen.version)
    expect(lifted.paused).toBeNull()
  })
})
