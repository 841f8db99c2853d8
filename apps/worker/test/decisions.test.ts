import { workloadSpecOf } from '@clawbernetes/domain/workloads/workload-spec-of'
import { decide } from '@clawbernetes/services/approvals/decide'
import type { Ctx } from '@clawbernetes/services/context'
import { verifyAudit } from '@clawbernetes/services/log/verify-audit'
import { expirePlans } from '@clawbernetes/services/plans/expire-plans'
import { readPlan } from '@clawbernetes/services/plans/read-plan'
import { placeWorkload as occupy } from '@clawbernetes/services/fleet/testing/fleet-world'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type AgentWorld, agentWorld, joinTrainingNodes } from './agent-world'

let world: AgentWorld
let ana: Ctx
let nodes: { node01: string; node02: string }
beforeEach(async () => {
  world = await agentWorld()
  nodes = await joinTrainingNodes(world)
  ana = { ...world.ctx(), actor: { ...world.ctx().actor, userId: 'usr_ana', userName: 'ana' } }
})
afterEach(() => world.close())

async function proposed() {
  const answer = await world.say('fine-tune llama 3 8b on /data/training', ana)
  const planId = answer.blocks.find((b) => b.type === 'plan')?.planId ?? ''
  return readPlan({ ctx: ana, input: { planId } })
}
const approval = (plan: { id: string; revision: number; digest: string }) => ({
  planId: plan.id,
  revision: plan.revision,
  digest: plan.digest,
  decision: 'approve' as const,
})

describe('decisions', () => {
  it('two people at the same moment make one decision, and the loser learns who won', async () => {
    const ben = await world.member('operator', 'ben')
    const plan = await proposed()
    const results = await Promise.allSettled([
      decide({ ctx: ana, input: approval(plan) }),
      decide({ ctx: ben, input: approval(plan) }),
    ])
    expect(results.filter((r) => r.status === 'fulfilled')).toHaveLength(1)
    const lost = results.find((r) => r.status === 'rejected')
    expect(String(lost?.status === 'rejected' ? lost.reason.message : '')).toMatch(
      /(ana|ben) decided at \d\d:\d\d:\d\d UTC/,
    )
    expect(await world.db.approval.count()).toBe(1)
    expect(await world.db.planStep.count()).toBe(3)
  })

  it('an approval and a rejection at the same moment leave exactly one of them', async () => {
    const ben = await world.member('operator', 'ben')
    const plan = await proposed()
    await Promise.allSettled([
      decide({ ctx: ana, input: approval(plan) }),
      decide({ ctx: ben, input: { ...approval(plan), decision: 'reject', reason: 'wrong time' } }),
    ])
    const after = await readPlan({ ctx: ana, input: { planId: plan.id } })
    expect(['approved', 'rejected']).toContain(after.state)
    expect(await world.db.planStep.count()).toBe(after.state === 'approved' ? 3 : 0)
    expect(await world.db.approval.count()).toBe(1)
  })

  it('turns stale and changes nothing when the GPUs were taken before the approval', async () => {
    const plan = await proposed()
    const gpus = await world.db.gpu.findMany({ where: { nodeId: nodes.node01 } })
    await occupy(world, {
      name: 'other',
      places: [{ nodeId: nodes.node01, gpuIds: gpus.slice(0, 1).map((g) => g.id) }],
    })
    const decided = await decide({ ctx: ana, input: approval(plan) })
    expect(decided.state).toBe('stale')
    expect(decided.text).toContain('GPU 0 of node-01 is free: was yes, is no')
    expect(await world.db.workload.count({ where: { name: 'fine-tune-llama' } })).toBe(0)
    expect(await world.db.planStep.count()).toBe(0)
  })

  it('turns stale and changes nothing when the GPUs were taken between approval and start', async () => {
    const plan = await proposed()
    await decide({ ctx: ana, input: approval(plan) })
    const gpus = await world.db.gpu.findMany({ where: { nodeId: nodes.node01 } })
    await occupy(world, { name: 'other', places: [{ nodeId: nodes.node01, gpuIds: gpus.map((g) => g.id) }] })
    await world.runDueJobs()
    expect((await readPlan({ ctx: ana, input: { planId: plan.id } })).state).toBe('stale')
    expect(await world.db.reservation.count({ where: { releasedAt: null } })).toBe(4)
    expect(await world.db.workload.count({ where: { name: 'fine-tune-llama' } })).toBe(0)
  })

  it('fails when the person who asked was removed before it ran', async () => {
    const ben = await world.member('operator', 'ben')
    const plan = await proposed()
    await decide({ ctx: ben, input: approval(plan) })
    await world.db.member.deleteMany({ where: { userId: 'usr_ana' } })
    await world.runDueJobs()
    expect((await readPlan({ ctx: ben, input: { planId: plan.id } })).state).toBe('failed')
    expect(await world.db.reservation.count()).toBe(0)
  })

  it('refuses an expired plan, a wrong digest, an agent, and another organisation', async () => {
    const plan = await proposed()
    await expect(decide({ ctx: ana, input: { ...approval(plan), digest: '0'.repeat(64) } })).rejects.toMatchObject({
      code: 'conflict',
    })
    await expect(
      decide({ ctx: { ...ana, actor: { ...ana.actor, kind: 'agent' } }, input: approval(plan) }),
    ).rejects.toMatchObject({ code: 'forbidden' })
    await expect(decide({ ctx: world.stranger, input: approval(plan) })).rejects.toMatchObject({ code: 'not-found' })
    await expect(readPlan({ ctx: world.stranger, input: { planId: plan.id } })).rejects.toMatchObject({
      code: 'not-found',
    })
    world.setNow(new Date(Date.now() + 31 * 60_000))
    expect(await expirePlans(world.sys)).toBe(1)
    await expect(decide({ ctx: ana, input: approval(plan) })).rejects.toThrow('expired')
    expect(await world.db.planStep.count()).toBe(0)
  })

  it('needs the name typed to stop something, and no typed yes does it', async () => {
    const gpus = await world.db.gpu.findMany({ where: { nodeId: nodes.node01 } })
    await occupy(world, { name: 'train-a', places: [{ nodeId: nodes.node01, gpuIds: gpus.map((g) => g.id) }] })
    await world.db.workload.updateMany({ where: { name: 'train-a' }, data: { status: 'running', spec: SPEC } })
    const answer = await world.say('stop train-a', ana)
    const plan = await readPlan({
      ctx: ana,
      input: { planId: answer.blocks.find((b) => b.type === 'plan')?.planId ?? '' },
    })
    expect(plan.risk).toBe('high')
    await world.say('yes', ana)
    expect((await readPlan({ ctx: ana, input: { planId: plan.id } })).state).toBe('proposed')
    await expect(decide({ ctx: ana, input: approval(plan) })).rejects.toThrow('Type train-a')
    expect((await decide({ ctx: ana, input: { ...approval(plan), typedName: 'train-a' } })).state).toBe('approved')
    await world.runDueJobs()
    expect(await world.db.replica.count({ where: { desired: 'stop' } })).toBe(1)
  })

  it('keeps an audit chain that shows any change', async () => {
    const plan = await proposed()
    await decide({ ctx: ana, input: approval(plan) })
    const whole = await verifyAudit({ ctx: ana })
    expect(whole.brokenAt).toBeNull()
    expect(whole.entries).toBeGreaterThan(3)
    await expect(world.db.$executeRaw`update audit_entry set action = 'nothing'`).rejects.toThrow('immutable')
    await world.db.$executeRaw`alter table audit_entry disable trigger all`
    await world.db.$executeRaw`update audit_entry set target = 'PL-999' where seq = 2`
    expect((await verifyAudit({ ctx: ana })).brokenAt).toBe(2)
  })
})

const SPEC = workloadSpecOf({ kind: 'training', image: 'x', command: ['sleep'], gpusPerReplica: 4 })
