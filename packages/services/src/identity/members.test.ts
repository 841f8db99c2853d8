import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type PlanWorld, planWorld } from '../approvals/testing/plan-world'
import type { Ctx } from '../context'
import { createAuth } from './auth'
import { inviteMember } from './invite-member'
import { listMembers } from './list-members'
import { removeMember } from './remove-member'
import { setRole } from './set-role'
import { withdrawInvitation } from './withdraw-invitation'

let world: PlanWorld
let owner: Ctx
let admin: Ctx
let ben: Ctx
beforeAll(async () => {
  world = await planWorld()
  owner = await world.member('owner', 'olga')
  admin = await world.member('admin', 'cleo')
  ben = await world.member('operator', 'ben')
})
afterAll(() => world.close())

const lastEntry = () =>
  world.db.auditEntry.findFirstOrThrow({ where: { orgId: world.orgId }, orderBy: { seq: 'desc' } })

describe('members', () => {
  it('are invited once per address, by an administrator whom the audit names', async () => {
    const first = await inviteMember({ ctx: admin, input: { email: 'New@Example.test', role: 'viewer' } })
    const again = await inviteMember({ ctx: admin, input: { email: 'new@example.test', role: 'approver' } })
    expect(again.invitationId).toBe(first.invitationId)
    expect((await listMembers({ ctx: admin })).invitations).toMatchObject([
      { email: 'new@example.test', role: 'approver' },
    ])
    expect((await listMembers({ ctx: ben })).invitations).toEqual([])
    expect(await lastEntry()).toMatchObject({
      action: 'member.invite',
      actorId: 'usr_cleo',
      target: 'new@example.test',
    })
    await expect(inviteMember({ ctx: ben, input: { email: 'x@example.test' } })).rejects.toThrow('role admin')
    await expect(inviteMember({ ctx: admin, input: { email: 'boss@example.test', role: 'owner' } })).rejects.toThrow(
      'Only an owner',
    )
    await expect(inviteMember({ ctx: admin, input: { email: 'ben@example.test' } })).rejects.toThrow('a member already')
    await withdrawInvitation({ ctx: admin, input: { invitationId: first.invitationId } })
    expect((await listMembers({ ctx: admin })).invitations).toEqual([])
    await expect(
      withdrawInvitation({ ctx: world.stranger, input: { invitationId: first.invitationId } }),
    ).rejects.toMatchObject({ code: 'not-found' })
  })

  it('get roles from somebody at least as high, never from themselves, and an owner always stays', async () => {
    expect(await setRole({ ctx: admin, input: { member: 'ben', role: 'approver' } })).toMatchObject({
      from: 'operator',
      to: 'approver',
    })
    expect(await lastEntry()).toMatchObject({ action: 'member.role', actorId: 'usr_cleo', target: 'ben@example.test' })
    await expect(setRole({ ctx: admin, input: { member: 'cleo', role: 'owner' } })).rejects.toThrow('their own role')
    await expect(setRole({ ctx: admin, input: { member: 'olga', role: 'viewer' } })).rejects.toThrow('Only an owner')
    await setRole({ ctx: owner, input: { member: 'cleo', role: 'owner' } })
    const asOwner = { ...admin, actor: { ...admin.actor, role: 'owner' as const } }
    const both = await Promise.allSettled([
      setRole({ ctx: owner, input: { member: 'cleo', role: 'viewer' } }),
      setRole({ ctx: asOwner, input: { member: 'olga', role: 'viewer' } }),
    ])
    expect(both.filter((r) => r.status === 'fulfilled')).toHaveLength(1)
    expect(await world.db.member.count({ where: { organizationId: world.orgId, role: 'owner' } })).toBe(1)
  })

  it('are removed once, with their sessions, and asking again changes nothing', async () => {
    await world.db.member.updateMany({ where: { id: { in: ['mem_olga', 'mem_cleo'] } }, data: { role: 'owner' } })
    await world.db.session.create({
      data: {
        id: 'ses_ben',
        token: 'token',
        userId: 'usr_ben',
        expiresAt: new Date(Date.now() + 60_000),
        activeOrganizationId: world.orgId,
      },
    })
    expect(await removeMember({ ctx: owner, input: { member: 'ben@example.test' } })).toEqual({
      removed: true,
      name: 'ben',
    })
    expect(await lastEntry()).toMatchObject({ action: 'member.remove', actorId: 'usr_olga' })
    expect(await removeMember({ ctx: owner, input: { member: 'ben@example.test' } })).toMatchObject({ removed: false })
    expect(await world.db.session.findUniqueOrThrow({ where: { id: 'ses_ben' } })).toMatchObject({
      activeOrganizationId: null,
    })
    await expect(removeMember({ ctx: owner, input: { member: 'olga' } })).rejects.toThrow('removes themselves')
  })

  it('cannot be changed past our verbs through the sign-in API', async () => {
    const auth = createAuth({
      db: world.db,
      secret: 'a long secret for this test only, of no use elsewhere',
      baseUrl: 'http://localhost:3000',
      trustedOrigins: [],
      rateLimit: false,
    })
    for (const path of [
      'invite-member',
      'update-member-role',
      'remove-member',
      'cancel-invitation',
      'leave',
      'delete',
    ]) {
      const request = new Request(`http://localhost:3000/api/auth/organization/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: 'http://localhost:3000' },
        body: '{}',
      })
      expect((await auth.handler(request)).status, path).toBe(404)
    }
  })
})
