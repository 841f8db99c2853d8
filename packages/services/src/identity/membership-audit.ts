import { type Db, systemActor } from '../context'
import { appendAudit } from '../log/append-audit'

interface Subject {
  organization: { id: string }
  user: { id: string; email: string }
}

/** better-auth changes members itself; these hooks put each change into the organisation's audit chain. */
export function membershipAudit(db: Db) {
  const write = async (
    orgId: string,
    by: string | null,
    action: string,
    target: string,
    data: Record<string, string>,
  ) => {
    const ctx = systemActor({ db, now: () => new Date() }, orgId, 'web')
    if (by) ctx.actor = { ...ctx.actor, kind: 'person', userId: by }
    await db.$transaction((tx) => appendAudit(tx, ctx, action, target, data))
  }
  return {
    afterCreateInvitation: ({
      invitation,
      inviter,
    }: {
      invitation: { email: string; role?: string | null; organizationId: string }
      inviter: { id: string }
    }) =>
      write(invitation.organizationId, inviter.id, 'member.invite', invitation.email, {
        role: invitation.role ?? 'viewer',
      }),
    afterAcceptInvitation: ({ organization, user, member }: Subject & { member: { role: string } }) =>
      write(organization.id, user.id, 'member.join', user.email, { role: member.role }),
    afterRemoveMember: ({ organization, user }: Subject) =>
      write(organization.id, null, 'member.remove', user.email, {}),
    afterUpdateMemberRole: ({
      organization,
      user,
      member,
      previousRole,
    }: Subject & { member: { role: string }; previousRole: string }) =>
      write(organization.id, null, 'member.role', user.email, { from: previousRole, to: member.role }),
  }
}
