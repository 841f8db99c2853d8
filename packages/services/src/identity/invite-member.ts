import { ROLES } from '@clawbernetes/protocol/permissions'
import * as z from 'zod'
import { type Ctx, newId, requirePermission } from '../context'
import { ServiceError } from '../errors'
import { appendAudit } from '../log/append-audit'
import { recordEvent } from '../log/record-event'
import { parseInput } from '../parse-input'
import { lockMembers, refuseAbove } from './member-rules'

const LIVES_MS = 7 * 86_400_000
const MAX_OPEN = 200

export const inviteMemberInput = z.object({
  email: z.email('This is no e-mail address.').max(200),
  role: z.enum(ROLES).default('operator'),
})

/**
 * Invites a person by e-mail; the link is handed over by whoever invited. Inviting the same address again renews the invitation
 * with the new role. Nobody invites above their own role.
 */
export async function inviteMember({
  ctx,
  input: raw,
}: {
  ctx: Ctx
  input: z.input<typeof inviteMemberInput>
}): Promise<{ invitationId: string; email: string; expiresAt: string }> {
  requirePermission(ctx, 'manageMembers')
  const input = parseInput(inviteMemberInput, raw)
  refuseAbove(ctx, input.role)
  const email = input.email.toLowerCase()
  return ctx.db.$transaction(async (tx) => {
    const { orgId } = ctx.actor
    await lockMembers(tx, orgId)
    const member = await tx.member.findFirst({
      where: { organizationId: orgId, user: { email: { equals: email, mode: 'insensitive' } } },
    })
    if (member) throw new ServiceError('conflict', `${email} is a member already.`)
    const expiresAt = new Date(ctx.now().getTime() + LIVES_MS)
    const open = await tx.invitation.findMany({
      where: { organizationId: orgId, status: 'pending', expiresAt: { gt: ctx.now() } },
    })
    const mine = open.find((invitation) => invitation.email.toLowerCase() === email)
    if (!mine && open.length >= MAX_OPEN)
      throw new ServiceError('rate-limited', `${MAX_OPEN} invitations are open. Withdraw some first.`)
    const data = { role: input.role, expiresAt, inviterId: ctx.actor.userId ?? '' }
    const saved = mine
      ? await tx.invitation.update({ where: { id: mine.id }, data })
      : await tx.invitation.create({
          data: { id: newId('invitation', ctx.now()), organizationId: orgId, email, createdAt: ctx.now(), ...data },
        })
    await appendAudit(tx, ctx, 'member.invite', email, { role: input.role })
    await recordEvent(tx, { orgId, room: `org:${orgId}`, kind: 'member.invited', entityId: saved.id, entityVersion: 1 })
    return { invitationId: saved.id, email, expiresAt: expiresAt.toISOString() }
  })
}
