import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Ctx, Via } from '../context'
import { cancelPlan } from '../plans/cancel-plan'
import { expirePlans } from '../plans/expire-plans'
import { revisePlan } from '../plans/revise-plan'
import { verifyAudit } from '../log/verify-audit'
import { decide } from './decide'
import { freeze } from './freeze'
import { type Approvable, contentOf, type PlanWorld, planWorld, through } from './testing/plan-world'
import { unfreeze } from './unfreeze'

const DOORS = ['web', 'chat', 'cli', 'api', 'mcp', 'slack', 'discord'] as const satisfies Via[]
const INTERLEAVINGS = 240

let world: PlanWorld
let people: Ctx[]
beforeAll(async () => {
  world = await planWorld()
  people = [
    await world.member('owner', 'ana'),
    await world.member('operator', 'ben'),
    await world.member('admin', 'cleo'),
  ]
})
afterAll(() => world.close())

const approval = (plan: Approvable) => ({
  planId: plan.planId,
  revision: plan.revision,
  digest: plan.digest,
  decision: 'approve' as const,
})
const [ana, ben, cleo] = [() => people[0] as Ctx, () => people[1] as Ctx, () => people[2] as Ctx]

/** A small generator with a seed: a failure names it and can be run again. */
function random(seed: number) {
  let state = seed * 2_654_435_761
  return (max: number) => {
    state = (state * 1_664_525 + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * max)
  }
}

/** Turns of the event loop, not time: contenders start in another order each time. */
async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve))
}

type Contender = { what: string; run: () => Promise<unknown> }

function contenders(plan: Approvable, roll: (max: number) => number): Contender[] {
  const door = () => DOORS[roll(DOORS.length)] ?? 'web'
  const who = () => people[roll(people.length)] as Ctx
  const one = (): Contender => {
    const via = door()
    const ctx = through(who(), via)
    const kind = roll(10)
    if (kind < 5) return { what: `approve via ${via}`, run: () => decide({ ctx, input: approval(plan) }) }
    if (kind < 8)
      return {
        what: `reject via ${via}`,
        run: () => decide({ ctx, input: { ...approval(plan), decision: 'reject', reason: 'wrong time' } }),
      }
    if (kind === 8) return { what: 'withdraw', run: () => cancelPlan({ ctx, input: { planId: plan.planId } }) }
    return {
      what: 'edit',
      run: () => revisePlan({ ctx, input: { planId: plan.planId, fromRevision: 1, content: contentOf() } }),
    }
  }
  return Array.from({ length: 2 + roll(4) }, one)
}

async function meet(seed: number): Promise<void> {
  const roll = random(seed)
  const plan = await world.propose(ana())
  const racing = contenders(plan, roll)
  const results = await Promise.allSettled(racing.map(async ({ run }) => turns(roll(6)).then(run)))
  const told = `seed ${seed}: ${racing.map((c, i) => `${c.what} ${results[i]?.status}`).join(', ')}`

  const row = await world.db.plan.findUniqueOrThrow({ where: { id: plan.planId } })
  const votes = await world.db.approval.findMany({ where: { planId: plan.planId } })
  const steps = await world.db.planStep.count({ where: { planId: plan.planId } })
  expect(['proposed', 'approved', 'rejected', 'withdrawn'], told).toContain(row.state)
  expect(votes, told).toHaveLength(row.state === 'approved' || row.state === 'rejected' ? 1 : 0)
  expect(steps, told).toBe(row.state === 'approved' ? 1 : 0)
  if (votes[0]) expect(row.decidedBy, told).toBe(votes[0].userId)
  const won = results.filter((r, i) => r.status === 'fulfilled' && /approve|reject/.test(racing[i]?.what ?? ''))
  expect(won.length, told).toBe(votes.length)
  for (const lost of results)
    if (lost.status === 'rejected') expect(String(lost.reason.message), told).toMatch(KNOWN_REFUSALS)
}

describe('one decision', () => {
  it(`comes of ${INTERLEAVINGS} random meetings of people and doors, and every loser is told why`, async () => {
    let next = 1
    const lane = async () => {
      while (next <= INTERLEAVINGS) await meet(next++)
    }
    await Promise.all([lane(), lane(), lane()])
    expect((await verifyAudit({ ctx: ana() })).brokenAt).toBeNull()
  }, 180_000)

  it('is made once by a double click through any door', async () => {
    for (const via of DOORS) {
      const plan = await world.propose(ana())
      const ctx = through(ben(), via)
      const both = await Promise.allSettled([1, 2].map(() => decide({ ctx, input: approval(plan) })))
      expect(both.filter((r) => r.status === 'fulfilled')).toHaveLength(1)
      const lost = both.find((r) => r.status === 'rejected')
      expect(String(lost?.reason.message)).toMatch(/already approved. ben decided at \d\d:\d\d:\d\d UTC/)
      expect(await world.db.approval.findFirst({ where: { planId: plan.planId } })).toMatchObject({ via })
    }
  })

  it('tells the one who comes to an old revision who edited it and when', async () => {
    const plan = await world.propose(ana())
    await revisePlan({ ctx: cleo(), input: { planId: plan.planId, fromRevision: 1, content: contentOf() } })
    await expect(decide({ ctx: ben(), input: approval(plan) })).rejects.toThrow(
      /r1 was replaced by r2, edited by cleo at \d\d:\d\d:\d\d UTC/,
    )
  })

  it('is not made after expiry, by whoever looks first: the person or the clock', async () => {
    const plan = await world.propose(ana())
    const other = await world.propose(ana())
    world.setNow(new Date(Date.now() + 1_801_000))
    const late = await decide({ ctx: ben(), input: approval(plan) })
    expect(late).toMatchObject({ state: 'expired' })
    expect(late.text).toMatch(/expired at \d\d:\d\d:\d\d UTC, before it was decided/)
    const [, byPerson] = await Promise.allSettled([
      expirePlans(world.sys),
      decide({ ctx: ben(), input: approval(other) }),
    ])
    if (byPerson?.status === 'rejected') expect(String(byPerson.reason.message)).toContain('It expired')
    expect(await world.db.planStep.count({ where: { planId: { in: [plan.planId, other.planId] } } })).toBe(0)
    expect(
      await world.db.auditEntry.count({
        where: { action: 'plan.expired', target: { in: [`${plan.label} r1`, `${other.label} r1`] } },
      }),
    ).toBe(2)
    world.setNow(null)
  })

  it('is refused to somebody who was removed or demoted after their request had begun', async () => {
    const dana = await world.member('operator', 'dana')
    const plan = await world.propose(ana())
    await world.db.member.update({ where: { id: 'mem_dana' }, data: { role: 'viewer' } })
    await expect(decide({ ctx: dana, input: approval(plan) })).rejects.toThrow(
      'needs the role operator; yours is viewer',
    )
    await world.db.member.delete({ where: { id: 'mem_dana' } })
    await expect(decide({ ctx: dana, input: approval(plan) })).rejects.toThrow('no longer a member')
    expect(await world.db.approval.count({ where: { planId: plan.planId } })).toBe(0)
  })

  it('is not made while the emergency stop is on, and never by an agent', async () => {
    const plan = await world.propose(ana())
    await freeze({ ctx: ben(), input: { reason: 'wrong numbers' } })
    for (const via of DOORS)
      await expect(decide({ ctx: through(ana(), via), input: approval(plan) })).rejects.toThrow(
        /ben pulled the emergency stop at .* UTC: wrong numbers/,
      )
    await expect(world.propose(ana())).rejects.toThrow('Nothing is proposed until an administrator lifts it')
    await unfreeze({ ctx: cleo(), input: { reason: 'fixed' } })
    const agent: Ctx = { ...ana(), actor: { ...ana().actor, kind: 'agent' } }
    await expect(decide({ ctx: agent, input: approval(plan) })).rejects.toThrow('Only a person can decide')
    expect((await decide({ ctx: ana(), input: approval(plan) })).state).toBe('approved')
  })
})

const KNOWN_REFUSALS =
  /already approved|It was rejected|It was withdrawn|was replaced by r2|is at r2 already|can no longer be changed|is over: it is|already decided on this revision/
