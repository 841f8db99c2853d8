import { type Role, roleAtLeast } from '@clawbernetes/protocol/permissions'
import type { Ctx, Tx } from '../context'
import { ServiceError } from '../errors'
import type { FoundMember } from './find-member'

/** Nobody gives more than they have, and nobody changes a person above them. */
export function refuseAbove(ctx: Ctx, role: Role): void {
  if (!roleAtLeast(ctx.actor.role, role))
    throw new ServiceError(
      'forbidden',
      `Only ${role === 'owner' ? 'an owner' : `an ${role}`} may do this; your role is ${ctx.actor.role}.`,
    )
}

/** An organisation always keeps an owner. Changes of members are serialised per organisation by the caller's lock. */
export async function refuseLastOwner(tx: Tx, orgId: string, member: FoundMember): Promise<void> {
  if (member.role !== 'owner') return
  const owners = await tx.member.count({ where: { organizationId: orgId, role: 'owner' } })
  if (owners <= 1)
    throw new ServiceError('conflict', `${member.name} is the last owner. Make somebody else owner first.`)
}

/** One change of members at a time, so that two owners cannot demote each other at once. */
export async function lockMembers(tx: Tx, orgId: string): Promise<void> {
  await tx.$queryRaw`select 1 from "organization" where id = ${orgId} for no key update`
}
