import { type Db, systemActor } from '../context'
import { appendAudit } from '../log/append-audit'

interface Subject {
  organization: { id: string }
  user: { id: string; email: string }
}

/**
 * What people do to their own membership goes through better-auth; these hooks put it into the organisation's audit chain. Changes
 * to others (invite, role, remove) are verbs of ours that write their own entries.
 */
export function membershipAudit(db: Db) {
  const write = async (orgId: string, by: string, action: string, target: string, data: Record<string, string>) => {
    const ctx = systemActor({ db, now: () => new Date() }, orgId, 'web')
    ctx.actor = { ...ctx.actor, kind: 'person', userId: by }
    await db.$transaction((tx) => appendAudit(tx, ctx, action, target, data))
  }
  return {
    afterAcceptInvitation: ({ organization, user, member }: Subject & { member: { role: string } }) =>
      write(organization.id, user.id, 'member.join', user.email, { role: member.role }),
    afterUpdateOrganization: async ({
      organization,
      user,
    }: {
      organization: { id: string; name: string } | null
      user: { id: string }
    }) => {
      if (organization) await write(organization.id, user.id, 'org.renamed', organization.name, {})
    },
  }
}
