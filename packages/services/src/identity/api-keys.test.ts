import type { ApiScope } from '@clawbernetes/protocol/permissions'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Ctx } from '../context'
import { createJoinToken } from '../fleet/create-join-token'
import { type FleetWorld, fleetWorld } from '../fleet/testing/fleet-world'
import { listAudit } from '../log/list-audit'
import { createApiKey } from './create-api-key'
import { listApiKeys } from './list-api-keys'
import { resolveApiKey } from './resolve-api-key'
import { revokeApiKey } from './revoke-api-key'

let world: FleetWorld
let ana: Ctx
let ben: Ctx
beforeEach(async () => {
  world = await fleetWorld()
  ana = await member('owner', 'ana')
  ben = await member('operator', 'ben')
})
afterEach(() => world.close())

async function member(role: 'owner' | 'operator' | 'viewer', name: string): Promise<Ctx> {
  const userId = `usr_${name}`
  await world.db.user.create({ data: { id: userId, name, email: `${name}@example.test` } })
  await world.db.member.create({
    data: { id: `mem_${name}`, organizationId: world.orgId, userId, role, createdAt: new Date(Date.now() - 60_000) },
  })
  return { db: world.db, now: world.sys.now, actor: { ...world.ctx(role).actor, userId, userName: name } }
}
const make = (ctx: Ctx, scopes: ApiScope[] = ['read'], expiresInDays: number | null = null) =>
  createApiKey({ ctx, input: { name: `key ${scopes.join(' ')}`, scopes, expiresInDays } })
const use = (token: string, callsPerMinute?: number) =>
  resolveApiKey({ db: world.db, now: world.sys.now, token, via: 'api', ...(callsPerMinute ? { callsPerMinute } : {}) })

describe('an API key', () => {
  it('is shown once and kept as a hash', async () => {
    const { token, apiKey } = await make(ana)
    expect(token).toMatch(/^claw_[0-9a-z]{40}$/)
    const row = await world.db.apiKey.findUniqueOrThrow({ where: { id: apiKey.id } })
    expect(JSON.stringify(row)).not.toContain(token)
    expect(JSON.stringify(await listApiKeys({ ctx: ana, input: {} }))).not.toContain(token)
    expect(JSON.stringify(await listAudit({ ctx: ana, input: {} }))).not.toContain(token)
  })

  it('acts as its person, cut down to its scopes', async () => {
    const ctx = await use((await make(ana, ['read', 'propose'])).token)
    expect(ctx.actor).toMatchObject({ userId: 'usr_ana', role: 'owner', via: 'api', scopes: ['read', 'propose'] })
    await expect(createJoinToken({ ctx, input: { label: 'x' } })).rejects.toThrow('no scope manage')
    const managing = await use((await make(ana, ['read', 'manage'])).token)
    await createJoinToken({ ctx: managing, input: { label: 'x' } })
    expect(await listAudit({ ctx: ana, input: { action: 'join-token' } })).toMatchObject([
      { via: 'api', data: { apiKey: 'key read manage' } },
    ])
  })

  it('never has more rights than its person has now', async () => {
    const { token } = await make(ana, ['read', 'manage'])
    await world.db.member.updateMany({ where: { userId: 'usr_ana' }, data: { role: 'viewer' } })
    const ctx = await use(token)
    await expect(createJoinToken({ ctx, input: { label: 'x' } })).rejects.toThrow(
      'need the role admin; yours is viewer',
    )
  })

  it('fails at once when it is revoked, expired, or its person removed, also when they come back', async () => {
    const revoked = await make(ana)
    await revokeApiKey({ ctx: ana, input: { apiKeyId: revoked.apiKey.id } })
    await expect(use(revoked.token)).rejects.toMatchObject({
      code: 'unauthenticated',
      message: expect.stringContaining('revoked'),
    })
    const short = await make(ana, ['read'], 1)
    world.setNow(new Date(Date.now() + 25 * 3600_000))
    await expect(use(short.token)).rejects.toThrow('expired')
    world.setNow(null)
    const bens = await make(ben)
    await use(bens.token)
    await world.db.member.deleteMany({ where: { userId: 'usr_ben' } })
    await expect(use(bens.token)).rejects.toThrow('no longer a member')
    await world.db.member.create({
      data: {
        id: 'mem_ben2',
        organizationId: world.orgId,
        userId: 'usr_ben',
        role: 'owner',
        createdAt: new Date(Date.now() + 1000),
      },
    })
    await expect(use(bens.token)).rejects.toThrow('no longer a member')
    await expect(use('claw_nonsense')).rejects.toMatchObject({ code: 'unauthenticated' })
    await expect(use(`claw_${'0'.repeat(40)}`)).rejects.toThrow('does not exist')
  })

  it('is slowed down by itself, over all processes, and told when to come back', async () => {
    const { token } = await make(ana)
    const other = await make(ben)
    const calls = await Promise.allSettled(Array.from({ length: 12 }, () => use(token, 10)))
    expect(calls.filter((c) => c.status === 'fulfilled').length).toBe(10)
    await expect(use(token, 10)).rejects.toMatchObject({
      code: 'rate-limited',
      data: { retryAfterS: expect.any(Number) },
    })
    await use(other.token, 10)
    world.setNow(new Date(Date.now() + 61_000))
    await use(token, 10)
  })

  it('cannot make another key, nor be revoked by a key that may not manage or by another person', async () => {
    const { token, apiKey } = await make(ana, ['read', 'manage'])
    await expect(make(await use(token))).rejects.toMatchObject({ code: 'forbidden' })
    await expect(revokeApiKey({ ctx: ben, input: { apiKeyId: apiKey.id } })).rejects.toMatchObject({
      code: 'not-found',
    })
    await expect(revokeApiKey({ ctx: world.stranger, input: { apiKeyId: apiKey.id } })).rejects.toMatchObject({
      code: 'not-found',
    })
    const reading = await make(ana, ['read'])
    await expect(revokeApiKey({ ctx: await use(reading.token), input: { apiKeyId: apiKey.id } })).rejects.toThrow(
      'scope manage',
    )
    await revokeApiKey({ ctx: ana, input: { apiKeyId: apiKey.id } })
    expect((await listAudit({ ctx: ana, input: { action: 'api-key' } })).map((entry) => entry.action)).toEqual([
      'api-key.revoke',
      'api-key.create',
      'api-key.create',
    ])
  })

  it('has no scope that its person makes no use of, and no name twice', async () => {
    const viewer = await member('viewer', 'vera')
    await expect(make(viewer, ['read', 'approve'])).rejects.toThrow('your role viewer cannot approve')
    await make(viewer)
    await expect(make(viewer)).rejects.toMatchObject({ code: 'conflict' })
    await expect(listApiKeys({ ctx: viewer, input: { of: 'all' } })).rejects.toMatchObject({ code: 'forbidden' })
    expect(await listApiKeys({ ctx: ana, input: { of: 'all' } })).toMatchObject([
      { owner: { name: 'vera' }, mine: false },
    ])
  })
})
