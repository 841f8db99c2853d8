import { askAgain } from '@clawbernetes/services/plans/ask-again'
import { decide } from '@clawbernetes/services/approvals/decide'
import { freeze } from '@clawbernetes/services/approvals/freeze'
import { unfreeze } from '@clawbernetes/services/approvals/unfreeze'
import type { Ctx } from '@clawbernetes/services/context'
import { expirePlans } from '@clawbernetes/services/plans/expire-plans'
import { readPlan } from '@clawbernetes/services/plans/read-plan'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { askAgain as draftAgain } from '../src/agent/ask-again'
import { type AgentWorld, agentWorld, joinTrainingNodes } from './agent-world'

const SENTENCE = 'fine-tune llama 3 8b on /data/training'

let world: AgentWorld
let ana: Ctx
beforeEach(async () => {
  world = await agentWorld()
  await joinTrainingNodes(world)
  ana = { ...world.ctx(), actor: { ...world.ctx().actor, userId: 'usr_ana', userName: 'ana' } }
})
afterEach(() => world.close())

async function proposed() {
  const answer = await world.say(SENTENCE, ana)
  return readPlan({ ctx: ana, input: { planId: answer.blocks.find((b) => b.type === 'plan')?.planId ?? '' } })
}
const approve = (plan: { id: string; revision: number; digest: string }) =>
  decide({ ctx: ana, input: { planId: plan.id, revision: plan.revision, digest: plan.digest, decision: 'approve' } })

describe('asking again', () => {
  it('makes one fresh proposal from the arguments of an expired plan, however often it is asked', async () => {
    const plan = await proposed()
    await expect(
      askAgain({ ctx: { ...ana, actor: { ...ana.actor, role: 'viewer' } }, input: { planId: plan.id } }),
    ).rejects.toThrow('role operator')
    world.setNow(new Date(Date.now() + 31 * 60_000))
    await expirePlans(world.sys)
    expect((await readPlan({ ctx: ana, input: { planId: plan.id } })).rights.askAgain).toBe(true)
    await askAgain({ ctx: ana, input: { planId: plan.id } })
    await askAgain({ ctx: ana, input: { planId: plan.id } })
    const job = { planId: plan.id, userId: 'usr_ana' }
    await draftAgain(world.sys, job)
    await draftAgain(world.sys, job)
    const old = await readPlan({ ctx: ana, input: { planId: plan.id } })
    expect(old.successor?.label).toBe('PL-102')
    expect(await world.db.plan.count()).toBe(2)
    const fresh = await readPlan({ ctx: ana, input: { planId: old.successor?.id ?? '' } })
    expect(fresh).toMatchObject({ state: 'proposed', threadId: plan.threadId })
    expect(fresh.content.tool).toEqual(plan.content.tool)
    expect(fresh.content.origin).toEqual(plan.content.origin)
  })
})

describe('the emergency stop', () => {
  it('keeps an approved plan from starting, the agent from proposing, and lets both go on when it is lifted', async () => {
    const plan = await proposed()
    await approve(plan)
    await freeze({ ctx: ana, input: { reason: 'Wrong node' } })
    await world.runDueJobs()
    expect(await world.db.planStep.count({ where: { state: { not: 'pending' } } })).toBe(0)
    const answer = await world.say(SENTENCE, ana)
    expect(answer.text).toMatch(
      /ana pulled the emergency stop at .*: Wrong node\. Nothing is proposed until an administrator/,
    )
    expect(await world.db.plan.count()).toBe(1)
    const pointed = await world.say('emergency stop!', ana)
    expect(pointed.text).toContain('use Stop… in the header')
    await unfreeze({ ctx: ana, input: { reason: 'Looked at' } })
    await world.runDueJobs()
    expect(await world.db.planStep.findMany({ orderBy: { ordinal: 'asc' }, select: { state: true } })).toEqual([
      { state: 'succeeded' },
      { state: 'succeeded' },
      { state: 'waiting' },
    ])
  })
})
