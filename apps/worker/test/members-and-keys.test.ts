import { decide } from '@clawbernetes/services/approvals/decide'
import type { Ctx } from '@clawbernetes/services/context'
import { listApiKeys } from '@clawbernetes/services/identity/list-api-keys'
import { dropUnclaimedApiKeys, pickUpApiKey } from '@clawbernetes/services/identity/pick-up-api-key'
import { resolveApiKey } from '@clawbernetes/services/identity/resolve-api-key'
import { readPlan } from '@clawbernetes/services/plans/read-plan'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type AgentWorld, agentWorld, joinTrainingNodes } from './agent-world'

process.env.BETTER_AUTH_SECRET ??= 'a-secret-of-this-test-that-is-long-enough-0123456789'

let world: AgentWorld
let ana: Ctx
let ben: Ctx
beforeEach(async () => {
  world = await agentWorld()
  ana = { ...world.ctx(), actor: { ...world.ctx().actor, userId: 'usr_ana', userName: 'ana' } }
  ben = await world.member('operator', 'ben')
})
afterEach(() => world.close())

/** Says it, approves the card with the name that it asks for, and runs the plan to its end. */
async function done(text: string, ctx: Ctx = ana) {
  const answer = await world.say(text, ctx)
  const planId = answer.blocks.find((b) => b.type === 'plan')?.planId
  if (!planId) throw new Error(`No card: ${answer.text}`)
  const { revision, digest, content } = await readPlan({ ctx, input: { planId } })
  expect(content.risk).toBe('high')
  await decide({
    ctx: ana,
    input: { planId, revision, digest, decision: 'approve', typedName: content.confirmName },
  })
  await world.runDueJobs()
  return readPlan({ ctx, input: { planId } })
}
const use = (token: string) => resolveApiKey({ ...world.sys, token, via: 'api' })

describe('members and keys by conversation', () => {
  it('makes a key that only its owner sees, once, and that stands in no message, plan or audit entry', async () => {
    const plan = await done('create an API key called ci with read scope')
    expect([plan.state, plan.outcome?.text]).toEqual(['succeeded', expect.stringContaining('Pick it up')])
    const [key] = await listApiKeys({ ctx: ana, input: {} })
    expect(key).toMatchObject({ name: 'ci', scopes: ['read'], mine: true, pickUpUntil: expect.any(String) })
    const input = { apiKeyId: key?.id ?? '' }
    await expect(pickUpApiKey({ ctx: ben, input })).rejects.toMatchObject({ code: 'not-found' })
    const { token } = await pickUpApiKey({ ctx: ana, input })
    await expect(pickUpApiKey({ ctx: ana, input })).rejects.toMatchObject({ code: 'conflict' })
    expect((await use(token)).actor).toMatchObject({ userId: 'usr_ana', scopes: ['read'] })
    const told = JSON.stringify([
      await world.db.message.findMany(),
      await world.db.planRevision.findMany(),
      await world.db.planStep.findMany(),
      (await world.db.auditEntry.findMany()).map((entry) => [entry.target, entry.data]),
      (await world.db.event.findMany()).map((event) => event.data),
    ])
    expect(told).not.toContain(token)
  })

  it('revokes what nobody picked up in ten minutes', async () => {
    await done('create an API key called ci with read scope')
    world.setNow(new Date(Date.now() + 11 * 60_000))
    expect(await dropUnclaimedApiKeys(world.sys)).toBe(1)
    expect(await listApiKeys({ ctx: ana, input: {} })).toMatchObject([{ state: 'revoked', pickUpUntil: null }])
    expect((await world.db.apiKey.findFirstOrThrow()).sealed).toBeNull()
  })

  it('revokes a key by name', async () => {
    await done('create an API key called ci with read scope')
    const [key] = await listApiKeys({ ctx: ana, input: {} })
    const { token } = await pickUpApiKey({ ctx: ana, input: { apiKeyId: key?.id ?? '' } })
    expect((await done('revoke the API key ci')).state).toBe('succeeded')
    await expect(use(token)).rejects.toThrow('revoked')
  })

  it('changes a role and takes it back, and goes stale when the role changed meanwhile', async () => {
    const plan = await done('make ben an approver')
    expect([plan.state, plan.content.undo.tool]).toEqual([
      'succeeded',
      { name: 'set_role', args: { member: 'ben@example.test', role: 'operator' } },
    ])
    expect((await world.db.member.findFirstOrThrow({ where: { userId: 'usr_ben' } })).role).toBe('approver')
    const answer = await world.say('make ben an admin', ana)
    const planId = answer.blocks.find((b) => b.type === 'plan')?.planId ?? ''
    const { revision, digest, content } = await readPlan({ ctx: ana, input: { planId } })
    await world.db.member.updateMany({ where: { userId: 'usr_ben' }, data: { role: 'viewer' } })
    const decided = await decide({
      ctx: ana,
      input: { planId, revision, digest, decision: 'approve', typedName: content.confirmName },
    })
    expect(decided.state).toBe('stale')
    expect((await world.say('make ana a viewer', ana)).text).toContain('Nobody changes their own role')
  })

  it('invites with the smallest role unless another was asked for', async () => {
    expect((await done('invite kim@example.test as operator')).state).toBe('succeeded')
    expect(await world.db.invitation.findFirstOrThrow()).toMatchObject({ email: 'kim@example.test', role: 'operator' })
    expect((await world.say('invite ben@example.test as viewer', ana)).text).toContain('is a member already')
  })

  it('is for those who manage members alone, and an API key cannot make keys', async () => {
    for (const text of ['make ana a viewer', 'invite eve@example.test as admin'])
      expect((await world.say(text, ben)).text).toMatch(/role admin|manage members/)
    await done('create an API key called chatter with read and write scope')
    const [key] = await listApiKeys({ ctx: ana, input: {} })
    const { token } = await pickUpApiKey({ ctx: ana, input: { apiKeyId: key?.id ?? '' } })
    const overKey = await use(token)
    expect(overKey.actor.scopes).toEqual(['read', 'chat', 'propose'])
    expect((await world.say('create an API key called second with read scope', overKey)).text).toContain(
      'cannot make another key',
    )
    // The key was not made for managing, so its conversation may not either, whatever its person may.
    expect((await world.say('make ben an approver', overKey)).text).toContain('no scope manage')
    expect((await world.say('invite eve@example.test as viewer', overKey)).text).toContain('no scope manage')
    expect(await world.db.plan.count({ where: { state: 'proposed' } })).toBe(0)
  })

  it('does not let a key without the scope approve say yes to a plan', async () => {
    await done('create an API key called chatter with read and write scope')
    const [key] = await listApiKeys({ ctx: ana, input: {} })
    const { token } = await pickUpApiKey({ ctx: ana, input: { apiKeyId: key?.id ?? '' } })
    await joinTrainingNodes(world)
    await world.say('cordon node-01', ana)
    expect((await world.say('yes', await use(token))).text).toContain('no scope approve')
    expect(await world.db.plan.count({ where: { intent: 'cordon_node', state: 'proposed' } })).toBe(1)
  })

  it('searches the audit log', async () => {
    await done('make ben an approver')
    const answer = await world.say('who changed roles today', ana)
    expect([answer.tools, answer.text]).toEqual([['audit_query'], expect.stringContaining('member.role')])
  })
})
