import type { InvitationView, MemberView } from '@clawbernetes/protocol/views/member'
import { allowed, type Ctx, requirePermission } from '../context'
import { parseRole } from './resolve-actor'

/** Who belongs to the organisation; who is invited, for those who may invite. */
export async function listMembers({
  ctx,
}: {
  ctx: Ctx
}): Promise<{ members: MemberView[]; invitations: InvitationView[] }> {
  requirePermission(ctx, 'read')
  const { orgId } = ctx.actor
  const rows = await ctx.db.member.findMany({
    where: { organizationId: orgId },
    orderBy: { createdAt: 'asc' },
    include: { user: { select: { id: true, name: true, email: true } } },
  })
  const invited = allowed(ctx, 'manageMembers')
    ? await ctx.db.invitation.findMany({
        where: { organizationId: orgId, status: 'pending', expiresAt: { gt: ctx.now() } },
        orderBy: { createdAt: 'desc' },
      })
    : []
  return {
    members: rows.map((row) => ({
      id: row.id,
      role: parseRole(row.role),
      createdAt: row.createdAt.toISOString(),
      user: row.user,
    })),
    invitations: invited.map((row) => ({
      id: row.id,
      email: row.email,
      role: parseRole(row.role ?? ''),
      expiresAt: row.expiresAt.toISOString(),
    })),
  }
}
