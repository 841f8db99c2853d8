import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Ctx } from '../context'
import { removeMember } from '../identity/remove-member'
import { setRole } from '../identity/set-role'
import { claimStep } from '../plans/claim-step'
import { cancelPlan } from '../plans/cancel-plan'
import { readPlan } from '../plans/read-plan'
import { revisePlan } from '../plans/revise-plan'
import { decide } from './decide'
import { freeze } from './freeze'
import { readFreeze } from './read-freeze'
import { startNow } from './start-now'
import { type Approvable, contentOf, type PlanWorld, planWorld } from './testing/plan-world'
import { unfreeze } from './unfreeze'

// Many rounds on a real database: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 60_000 })

let world: PlanWorld
let ana: Ctx
let ben: Ctx
let cleo: Ctx
beforeAll(async () => {
  world = await planWorld()
  ana = await world.member('owner', 'ana')
  ben = await world.member('operator', 'ben')
  cleo = await world.member('admin', 'cleo')
})
afterEach(async () => {
  world.setNow(null)
  await world.policy(ana, {})
  await world.db.member.update({ where: { id: 'mem_ben' }, data: { role: 'operator' } })
})
afterAll(() => world.close())

const approve = (ctx: Ctx, plan: Approvable, typedName: string | null = null) =>
  decide({
    ctx,
    input: { planId: plan.planId, revision: plan.revision, digest: plan.digest, decision: 'approve', typedName },
  })
const firstStep = async (plan: Approvable) =>
  (await world.db.planStep.findFirstOrThrow({ where: { planId: plan.planId, ordinal: 0 } })).id
const stepJobs = (stepId: string) =>
  world.db.$queryRaw<{ run_at: Date }[]>`select run_at from graphile_worker.jobs where key = ${`step:${stepId}`}`
const claim = async (plan: Approvable) => claimStep(world.sys, { stepId: await firstStep(plan) })

describe('quorum', () => {
  it('counts people, shows who has approved, and starts with the last one', async () => {
    await world.policy(ana, { risks: { medium: { approvals: 2, fourEyes: true } } })
    const plan = await world.propose(ben)
    await expect(approve(ben, plan)).rejects.toThrow('You asked for this; the policy needs a second person')
    const first = await approve(ana, plan)
    expect(first.text).toMatch(/has 1 of 2 approvals: ana \d\d:\d\d\.$/)
    await expect(approve(ana, plan)).rejects.toThrow('already decided on this revision')
    const seen = await readPlan({ ctx: cleo, input: { planId: plan.planId } })
    expect(seen.quorum).toMatchObject({ needed: 2, secondPerson: true, given: [{ name: 'ana' }] })
    expect((await approve(cleo, plan)).state).toBe('approved')
    expect(
      await world.db.auditEntry.findFirst({ where: { action: 'plan.approved' }, orderBy: { seq: 'desc' } }),
    ).toMatchObject({
      data: { approvers: ['usr_ana', 'usr_cleo'] },
    })
  })

  it('is void after an edit, and the editor is no second person either', async () => {
    await world.policy(ana, { risks: { medium: { approvals: 2, fourEyes: true } } })
    const plan = await world.propose(ben)
    await approve(ana, plan)
    await revisePlan({ ctx: cleo, input: { planId: plan.planId, fromRevision: 1, content: contentOf() } })
    const seen = await readPlan({ ctx: ana, input: { planId: plan.planId } })
    expect(seen.quorum?.given).toEqual([])
    const next = { ...plan, revision: 2, digest: seen.digest }
    await expect(approve(cleo, next)).rejects.toThrow('You edited this')
    expect((await approve(ana, next)).text).toContain('1 of 2')
  })

  it('is counted by two people at the same moment without losing one', async () => {
    await world.policy(ana, { risks: { medium: { approvals: 2 } } })
    for (let round = 0; round < 5; round++) {
      const plan = await world.propose(ben)
      const both = await Promise.all([approve(ana, plan), approve(cleo, plan)])
      expect(both.map((b) => b.state).sort()).toEqual(['approved', 'proposed'])
    }
  })

  it('of critical plans is two people, by name, and one alone cannot unless the policy says so', async () => {
    const plan = await world.propose(ben, { risk: 'critical', confirmName: 'vol-1' })
    await expect(approve(ben, plan, 'vol-1')).rejects.toThrow('needs the role approver')
    await expect(approve(ana, plan)).rejects.toThrow('Type vol-1')
    expect((await approve(ana, plan, 'vol-1')).text).toContain('1 of 2 approvals')
    expect((await approve(cleo, plan, 'vol-1')).state).toBe('approved')

    const alone = await planWorld()
    const solo = await alone.member('owner', 'solo')
    const lonely = await alone.propose(solo, { risk: 'critical', confirmName: 'vol-1' })
    await expect(approve(solo, lonely, 'vol-1')).rejects.toThrow('you are the only member')
    const medium = await alone.propose(solo)
    expect((await approve(solo, medium)).state).toBe('approved')
    expect(await alone.db.auditEntry.findFirst({ where: { action: 'plan.approved' } })).toMatchObject({
      data: { selfApproved: true },
    })
    await alone.policy(solo, { criticalAlone: true })
    // The card said that one alone cannot; the policy of now says that one alone is enough of a quorum.
    expect((await approve(solo, lonely, 'vol-1')).state).toBe('approved')
    await alone.close()
  })
})

describe('an edit of the policy', () => {
  it('between proposal and approval holds for the card at once, and never makes it easier', async () => {
    const plan = await world.propose(ben)
    await world.policy(ana, { risks: { medium: { approvals: 2 } } })
    expect((await approve(ana, plan)).text).toContain('1 of 2 approvals')
    await world.policy(ana, {}, 'autopilot')
    const strict = await world.propose(ben, { risk: 'high', confirmName: 'x' })
    expect(strict.state).toBe('proposed')
    await world.policy(ana, { risks: { medium: { approvals: 3 } } })
    const careful = await world.propose(ben)
    await world.policy(ana, {})
    expect((await readPlan({ ctx: ana, input: { planId: careful.planId } })).quorum?.needed).toBe(3)
    expect((await approve(ana, careful)).text).toContain('1 of 3')
  })

  it('that refuses an action stops what is approved and has not begun', async () => {
    const plan = await world.propose(ben)
    await approve(ana, plan)
    await world.policy(ana, { tools: { cordon_node: { answer: 'deny' } } })
    expect(await claim(plan)).toMatchObject({ go: false, why: 'stop', state: 'failed' })
    await expect(world.propose(ben)).rejects.toThrow('The policy refuses this')
  })

  it('that nobody can read any more is taken as the strictest', async () => {
    await world.db.orgSettings.update({ where: { organizationId: world.orgId }, data: { policy: { risks: 'broken' } } })
    expect((await world.propose(ben, { risk: 'low' })).state).toBe('proposed')
    await world.policy(ana, {})
    expect((await world.propose(ben, { risk: 'low' })).state).toBe('approved')
  })

  it('is refused to others than admins, when somebody was faster, and told before and after in the audit', async () => {
    await expect(world.policy(ben, {})).rejects.toThrow('you need the role admin')
    const { setPolicy } = await import('../policy/set-policy')
    const { NO_EDITS } = await import('@clawbernetes/protocol/policy/org-policy')
    const stale = { document: { preset: 'cautious' as const, edits: NO_EDITS }, expectedVersion: 1 }
    await expect(setPolicy({ ctx: ana, input: stale })).rejects.toThrow('Somebody changed the policy')
    await world.policy(cleo, {}, 'cautious')
    const entry = await world.db.auditEntry.findFirstOrThrow({
      where: { action: 'policy.changed' },
      orderBy: { seq: 'desc' },
    })
    expect(entry).toMatchObject({
      actorId: 'usr_cleo',
      data: { before: { preset: 'balanced' }, after: { preset: 'cautious' } },
    })
  })

  it('lets a plan run by itself inside its limits, and asks for the one that goes beyond', async () => {
    const before = await world.db.plan.count({ where: { decidedBy: 'policy' } })
    await world.policy(ana, { auto: { plansPerDay: before + 2 } }, 'autopilot')
    const states = []
    for (let n = 0; n < 3; n++) states.push((await world.propose(ben)).state)
    expect(states).toEqual(['approved', 'approved', 'proposed'])
    const together = await Promise.all([world.propose(ben), world.propose(ben)])
    expect(together.map((p) => p.state)).toEqual(['proposed', 'proposed'])
  })
})

describe('rights at execution', () => {
  it('are those of that moment: a removed or demoted approver takes the plan with them', async () => {
    const plan = await world.propose(ana)
    await approve(ben, plan)
    await setRole({ ctx: ana, input: { member: 'ben', role: 'viewer' } })
    expect(await claim(plan)).toMatchObject({
      why: 'stop',
      state: 'failed',
      reason: expect.stringContaining('ben may no longer approve'),
    })
    const dora = await world.member('approver', 'dora')
    const other = await world.propose(ana)
    await approve(dora, other)
    await removeMember({ ctx: cleo, input: { member: 'dora' } })
    expect(await claim(other)).toMatchObject({ why: 'stop', reason: expect.stringContaining('no longer a member') })
  })
})

describe('maintenance windows', () => {
  const night = {
    id: 'w1',
    name: 'Night',
    days: [1, 2, 3, 4, 5, 6, 7],
    start: '22:00',
    end: '02:00',
    timeZone: 'UTC',
    labels: null,
  }
  const touching = { affects: { workloads: [], nodes: [{ id: 'node_none', name: 'node-01' }], gpus: 0 }, ttlS: 86_400 }

  it('put off an approved plan to their opening, and an administrator may let it start with a reason', async () => {
    world.setNow(new Date('2030-05-06T12:00:00Z'))
    await world.policy(ana, { maintenance: [night] })
    const plan = await world.propose(ben, touching)
    const before = await readPlan({ ctx: ana, input: { planId: plan.planId } })
    expect(before.window).toMatchObject({ opensAt: '2030-05-06T22:00:00.000Z' })
    expect((await approve(ana, plan)).text).toContain('starts 2030-05-06 22:00 UTC')
    expect((await stepJobs(await firstStep(plan)))[0]?.run_at.toISOString()).toBe('2030-05-06T22:00:00.000Z')
    expect(await claim(plan)).toMatchObject({ go: false, why: 'later' })
    await expect(startNow({ ctx: ben, input: { planId: plan.planId, reason: 'fire' } })).rejects.toThrow('role admin')
    expect((await readPlan({ ctx: cleo, input: { planId: plan.planId } })).rights.startNow).toBe(true)
    await startNow({ ctx: cleo, input: { planId: plan.planId, reason: 'The rack is on fire' } })
    expect(await claim(plan)).toMatchObject({ go: true })
    expect(await world.db.auditEntry.findFirst({ where: { action: 'plan.window-overridden' } })).toMatchObject({
      actorId: 'usr_cleo',
      data: { reason: 'The rack is on fire' },
    })
  })

  it('let it start when they open, and let it be called off before', async () => {
    world.setNow(new Date('2030-05-06T12:00:00Z'))
    await world.policy(ana, { maintenance: [night] })
    const [plan, other] = [await world.propose(ben, touching), await world.propose(ben, touching)]
    await approve(ana, plan)
    await approve(ana, other)
    await cancelPlan({ ctx: ben, input: { planId: other.planId } })
    expect(await claim(other)).toMatchObject({ why: 'stop', state: 'cancelled' })
    world.setNow(new Date('2030-05-06T22:00:00Z'))
    expect(await claim(plan)).toMatchObject({ go: true })
  })

  it('are looked at again when somebody edits them', async () => {
    world.setNow(new Date('2030-05-06T12:00:00Z'))
    await world.policy(ana, { maintenance: [night] })
    const plan = await world.propose(ben, touching)
    await approve(ana, plan)
    await world.policy(ana, {})
    const [job] = await stepJobs(await firstStep(plan))
    expect(job?.run_at.getTime()).toBeLessThanOrEqual(Date.now() + 1000)
    expect(await claim(plan)).toMatchObject({ go: true })
  })

  it('do not hold what touches neither node nor workload', async () => {
    await world.policy(ana, { quiet: [{ ...night, start: '00:00', end: '00:00' }] })
    const plan = await world.propose(ben)
    expect((await approve(ana, plan)).text).toContain('starts now')
  })
})

describe('the emergency stop', () => {
  it('holds every step, and lifting it sets them going at once', async () => {
    const plan = await world.propose(ben)
    await approve(ana, plan)
    const stepId = await firstStep(plan)
    expect(await freeze({ ctx: ben, input: { reason: 'Something is wrong' } })).toEqual({
      frozen: true,
      already: false,
    })
    expect(await freeze({ ctx: ana, input: { reason: 'me too' } })).toEqual({ frozen: true, already: true })
    await world.db.$executeRaw`delete from graphile_worker._private_jobs`
    expect(await claim(plan)).toEqual({ go: false, why: 'frozen' })
    expect(await stepJobs(stepId)).toEqual([])
    expect(await readFreeze({ ctx: cleo })).toMatchObject({
      frozen: { by: 'ben', reason: 'Something is wrong' },
      mayLift: true,
    })
    await expect(unfreeze({ ctx: ben, input: { reason: 'no' } })).rejects.toThrow('role admin')
    await expect(
      freeze({ ctx: { ...ben, actor: { ...ben.actor, role: 'viewer' } }, input: { reason: 'x' } }),
    ).rejects.toThrow('role operator')
    const lifted = await unfreeze({ ctx: cleo, input: { reason: 'All is well' } })
    expect(lifted.resumed).toBeGreaterThan(0)
    expect(await stepJobs(stepId)).toHaveLength(1)
    expect(await claim(plan)).toMatchObject({ go: true })
  })

  it('and an approval at the same moment leave either an approval before the stop or none', async () => {
    for (let round = 0; round < 10; round++) {
      const plan = await world.propose(ben)
      const [decided] = await Promise.allSettled([approve(ana, plan), freeze({ ctx: ben, input: { reason: 'race' } })])
      const entries = await world.db.auditEntry.findMany({
        where: { action: { in: ['plan.approved', 'org.frozen'] } },
        orderBy: { seq: 'desc' },
        take: 2,
      })
      expect(entries[0]?.action).toBe('org.frozen')
      if (decided.status === 'fulfilled') expect(entries[1]?.target).toBe(`${plan.label} r1`)
      else expect(String(decided.reason.message)).toContain('pulled the emergency stop')
      await unfreeze({ ctx: ana, input: { reason: 'next' } })
    }
  })
})
