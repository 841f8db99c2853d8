import { ROLES, type Role } from '@clawbernetes/protocol/permissions'
import * as z from 'zod'
import { type Ctx, requirePermission } from '../context'
import { notFound, ServiceError } from '../errors'
import { appendAudit } from '../log/append-audit'
import { recordEvent } from '../log/record-event'
import { parseInput } from '../parse-input'
import { findMember } from './find-member'
import { lockMembers, refuseAbove, refuseLastOwner } from './member-rules'

export const setRoleInput = z.object({
  /** Member id, user id, e-mail or name. */
  member: z.string().min(1).max(200),
  role: z.enum(ROLES),
})

/** Gives a member another role. It holds from the next request on; plans they approved are counted with it. */
export async function setRole({
  ctx,
  input: raw,
}: {
  ctx: Ctx
  input: z.input<typeof setRoleInput>
}): Promise<{ name: string; from: Role; to: Role }> {
  requirePermission(ctx, 'manageMembers')
  const input = parseInput(setRoleInput, raw)
  return ctx.db.$transaction(async (tx) => {
    const { orgId } = ctx.actor
    await lockMembers(tx, orgId)
    const member = await findMember(tx, orgId, input.member)
    if (!member) throw notFound('member')
    const { name, role: from } = member
    if (from === input.role) return { name, from, to: from }
    if (member.userId === ctx.actor.userId)
      throw new ServiceError('forbidden', 'Nobody changes their own role. Ask another administrator.')
    refuseAbove(ctx, input.role)
    refuseAbove(ctx, from)
    await refuseLastOwner(tx, orgId, member)
    await tx.member.update({ where: { id: member.id }, data: { role: input.role } })
    await appendAudit(tx, ctx, 'member.role', member.email, { from, to: input.role })
    await recordEvent(tx, { orgId, room: `org:${orgId}`, kind: 'member.role', entityId: member.id, entityVersion: 1 })
    return { name, from, to: input.role }
  })
}
