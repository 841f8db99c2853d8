import { type Ctx, requirePermission } from '../context'
import { notFound } from '../errors'
import { appendAudit } from '../log/append-audit'

/** The link of an invitation stops working. */
export async function withdrawInvitation({
  ctx,
  input,
}: {
  ctx: Ctx
  input: { invitationId: string }
}): Promise<{ withdrawn: true }> {
  requirePermission(ctx, 'manageMembers')
  return ctx.db.$transaction(async (tx) => {
    const where = { id: input.invitationId, organizationId: ctx.actor.orgId, status: 'pending' }
    const invitation = await tx.invitation.findFirst({ where })
    if (!invitation) throw notFound('invitation')
    await tx.invitation.update({ where: { id: invitation.id }, data: { status: 'canceled' } })
    await appendAudit(tx, ctx, 'member.invite-withdrawn', invitation.email, { role: invitation.role ?? 'viewer' })
    return { withdrawn: true }
  })
}
