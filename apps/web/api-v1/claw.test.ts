import { decide } from '@clawbernetes/services/approvals/decide'
import type { Ctx } from '@clawbernetes/services/context'
import { readPlan } from '@clawbernetes/services/plans/read-plan'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type ApiWorld, apiWorld } from './testing/api-world'
import { type BuiltClaw, builtClaw } from './testing/run-claw'
import { serveApi } from './testing/serve-api'

// What keeps this code out of browsers; here it runs as the server runs it.
vi.mock('server-only', () => ({}))

let world: ApiWorld
let server: Awaited<ReturnType<typeof serveApi>>
let ana: Ctx
let env: Record<string, string>
let built: BuiltClaw
beforeAll(async () => {
  world = await apiWorld()
  server = await serveApi()
  built = await builtClaw()
  ana = await world.person('ana', 'owner')
  env = { CLAWBERNETES_URL: server.url, CLAWBERNETES_API_KEY: await world.key(ana) }
})
afterAll(async () => {
  server.close()
  await built.remove()
  await world.close()
})
const claw = (...args: string[]) => built.run(env, ...args)
/** Each run is a process of its own, and the machine may be busy. */
const SLOW = { timeout: 60_000 }

/** Answers the next turn as soon as it is there, as the worker would. */
async function answerSoon(text: string, planId?: string): Promise<void> {
  await vi.waitUntil(async () => (await world.db.agentRun.count({ where: { state: 'queued' } })) > 0, {
    timeout: 30_000,
  })
  await world.answerTurn(text, planId)
}

describe('claw', SLOW, () => {
  it('says who it is, lists the fleet in columns and as JSON', async () => {
    const me = await claw('me')
    expect([me.code, me.out]).toEqual([0, expect.stringContaining('ana, owner of Acme')])
    const nodes = await claw('nodes')
    expect(nodes.out.split('\n')[0]?.split('\t')[0]).toBe('NODE')
    expect(nodes.out).toContain('node-01\tOnline')
    const json = JSON.parse((await claw('gpus', '--json')).out) as { items: unknown[] }
    expect(json.items).toHaveLength(2)
    expect((await claw('workloads')).out).toContain('train-a')
    expect((await claw('audit', '--limit', '3')).out).toContain('api-key.create')
    expect(
      (await claw('audit', '--export')).out
        .trim()
        .split('\n')
        .every((line) => JSON.parse(line).orgId === world.orgId),
    ).toBe(true)
  })

  it('talks to the agent and prints its answer without letting it paint on the terminal', async () => {
    const [said] = await Promise.all([
      claw('chat', 'how is it going?'),
      answerSoon('All \u001b[31mwell\u001b[0m.\u0007'),
    ])
    expect([said.code, said.err]).toEqual([0, ''])
    expect(said.out).toContain('All [31mwell[0m.')
    expect(said.out).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f]/)
    expect(said.out).toContain('More?\n  - Yes (say: yes)')
    const thread = /--thread (\S+)/.exec(said.out)?.[1] ?? ''
    const [again] = await Promise.all([
      claw('chat', '--thread', thread, '--json', 'and now?'),
      answerSoon('Still well.'),
    ])
    expect(JSON.parse(again.out)).toMatchObject({ threadId: thread, messages: [{ text: 'Still well.' }], plans: [] })
    expect((await claw('threads', thread)).out).toContain('ana: and now?')
  })

  it('ends with its own code when a plan waits, and says what to do next', async () => {
    const plan = await world.plan(ana, 'high')
    const [said] = await Promise.all([claw('chat', 'cordon node-01'), answerSoon('I can cordon it.', plan.id)])
    expect([said.code, said.err]).toEqual([3, ''])
    expect(said.out).toContain(`${plan.label}  Cordon node-01`)
    expect(said.out).toContain(`Next: claw approve ${plan.label} --type node-01`)
  })

  it('shows the card, approves what was shown, and waits for the end', async () => {
    const plan = await world.plan(ana)
    const unasked = await claw('approve', plan.label)
    expect([unasked.code, unasked.err]).toEqual([2, expect.stringContaining('--yes')])
    const approved = await claw('approve', plan.label, '--yes')
    expect(approved.out).toContain('1. Cordon node-01')
    expect([approved.code, approved.out]).toEqual([0, expect.stringContaining('is approved')])
    const { decisions } = await readPlan({ ctx: ana, input: { planId: plan.id } })
    expect(decisions).toMatchObject([{ userName: 'ana', via: 'cli' }])
    const waiting = claw('wait', plan.label, '--json')
    await world.db.plan.update({
      where: { id: plan.id },
      data: { state: 'succeeded', finishedAt: new Date(), version: { increment: 1 } },
    })
    expect((await waiting).code).toBe(0)
  })

  it('wants the name typed for high risk, also with --yes', async () => {
    const plan = await world.plan(ana, 'high')
    expect(await claw('approve', plan.label, '--yes')).toMatchObject({
      code: 2,
      err: expect.stringContaining('--type node-01'),
    })
    expect((await claw('approve', plan.label, '--yes', '--type', 'node-02')).code).toBe(2)
    expect((await readPlan({ ctx: ana, input: { planId: plan.id } })).state).toBe('proposed')
    expect((await claw('approve', plan.label, '--yes', '--type', 'node-01')).code).toBe(0)
  })

  it('rejects with a reason, and tells what happened with its exit code', async () => {
    const plan = await world.plan(ana)
    expect((await claw('reject', plan.label, '--yes', '--reason', 'not today')).code).toBe(0)
    expect((await claw('plans', plan.label)).out).toContain('Rejected by ana')
    const late = await claw('approve', plan.label, '--yes')
    expect([late.code, late.err]).toEqual([6, expect.stringMatching(/ana decided at \d\d:\d\d:\d\d UTC/)])
    expect((await claw('plans', 'PL-9999')).code).toBe(5)
    const reading = { ...env, CLAWBERNETES_API_KEY: await world.key(ana, ['read']) }
    const other = await world.plan(ana)
    const refused = await built.run(reading, 'approve', other.label, '--yes')
    expect([refused.code, refused.err]).toEqual([4, expect.stringContaining('no scope approve')])
    const wrong = await built.run({ ...env, CLAWBERNETES_API_KEY: `claw_${'0'.repeat(40)}` }, 'me')
    expect([wrong.code, wrong.err]).toEqual([7, expect.stringContaining('does not exist')])
    const none = await built.run({ CLAWBERNETES_URL: server.url }, 'me')
    expect([none.code, none.err]).toEqual([7, expect.stringContaining('CLAWBERNETES_API_KEY')])
    expect((await claw('nodes', '--limit', 'many')).code).toBe(2)
  })

  it('checks the chain of the audit log', async () => {
    const decided = (await claw('audit', '--action', 'plan.approved', '--json')).out
    expect(decided).toMatch(/"ip": "127\.0\.0\.1"/)
    const checked = await claw('audit', '--verify')
    expect([checked.code, checked.out]).toEqual([0, expect.stringContaining('The chain holds')])
  })

  it('prints the last lines of a log', async () => {
    const answered = await claw('logs', 'train-a', '--lines', '5')
    expect([answered.code, answered.err]).toEqual([0, ''])
  })
})

describe('one plan and three doors at the same moment', SLOW, () => {
  it('makes exactly one decision; the command that lost says who and when', async () => {
    const [ben, cleo] = [await world.person('ben', 'operator'), await world.person('cleo', 'operator')]
    const plan = await world.plan(ana)
    const input = { planId: plan.id, revision: plan.revision, digest: plan.digest, decision: 'approve' as const }
    const via = (ctx: Ctx, door: 'web' | 'slack'): Ctx => ({ ...ctx, actor: { ...ctx.actor, via: door } })
    const bens = built.run(
      { ...env, CLAWBERNETES_API_KEY: await world.key(ben, ['read', 'approve']) },
      'approve',
      plan.label,
      '--yes',
    )
    // The others press at the moment the command has read the card and is about to decide.
    const seen = () => world.db.apiKey.findFirst({ where: { userId: 'usr_ben', lastUsedAt: { not: null } } })
    await vi.waitUntil(async () => (await seen()) !== null, { timeout: 30_000, interval: 5 })
    const others = await Promise.allSettled([
      decide({ ctx: via(ana, 'web'), input }),
      decide({ ctx: via(cleo, 'slack'), input }),
    ])
    const command = await bens
    const won = others.filter((r) => r.status === 'fulfilled').length + (command.code === 0 ? 1 : 0)
    expect(won).toBe(1)
    expect(await world.db.approval.count({ where: { planId: plan.id } })).toBe(1)
    expect(await world.db.planStep.count({ where: { planId: plan.id } })).toBe(1)
    if (command.code !== 0)
      expect([command.code, command.err]).toEqual([
        6,
        expect.stringMatching(/(ana|cleo) decided at \d\d:\d\d:\d\d UTC/),
      ])
    for (const other of others)
      if (other.status === 'rejected')
        expect(String(other.reason)).toMatch(/(ana|ben|cleo) decided at \d\d:\d\d:\d\d UTC/)
  })
})
