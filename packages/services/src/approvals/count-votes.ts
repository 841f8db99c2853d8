import { mayApprove, quorum, type Ruling } from '@clawbernetes/domain/approvals/policy'
import type { PlanModel, PlanRevisionModel } from '@clawbernetes/db/rows'
import type { DbOrTx } from '../context'
import { parseRole } from '../identity/resolve-actor'
import type { OrgPolicy } from '../policy/read-org-policy'

export interface Votes {
  needed: number
  /** Approvals of this revision by people who may still give them. */
  counted: { userId: string; name: string; at: Date }[]
  /** People whose approval no longer counts: removed, demoted, or asked of a stricter policy. */
  lost: { name: string; why: string }[]
}

/** Who asked for what this revision says: the proposer first, then whoever edited it. */
export const authorsOf = (plan: PlanModel, revision: PlanRevisionModel): string[] => [
  plan.proposedBy,
  ...(revision.editedBy ? [revision.editedBy] : []),
]

/** The approvals of one revision as they count at this moment: rights are those of now, not of when they were given. */
export async function countVotes(
  db: DbOrTx,
  org: OrgPolicy,
  ruling: Ruling,
  plan: PlanModel,
  revision: PlanRevisionModel,
): Promise<Votes> {
  const members = await db.member.count({ where: { organizationId: plan.orgId } })
  const given = await db.approval.findMany({
    where: { planId: plan.id, revision: revision.revision, decision: 'approve' },
    orderBy: { createdAt: 'asc' },
  })
  const ids = given.map((a) => a.userId)
  const users = await db.user.findMany({ where: { id: { in: ids } }, select: { id: true, name: true } })
  const rows = await db.member.findMany({ where: { organizationId: plan.orgId, userId: { in: ids } } })
  const votes: Votes = { needed: quorum(ruling, members), counted: [], lost: [] }
  for (const vote of given) {
    const name = users.find((user) => user.id === vote.userId)?.name ?? 'Someone'
    const member = rows.find((row) => row.userId === vote.userId)
    const person = { id: vote.userId, role: parseRole(member?.role ?? '') }
    const why = member
      ? mayApprove(ruling, person, authorsOf(plan, revision), members, org.policy.criticalAlone)
      : 'no longer a member'
    if (why === null) votes.counted.push({ userId: vote.userId, name, at: vote.createdAt })
    else votes.lost.push({ name, why })
  }
  return votes
}

/** "1 of 2 approvals: Ana 14:05" */
export function votesWords({ counted, needed }: Votes): string {
  const who = counted.map((vote) => `${vote.name} ${vote.at.toISOString().slice(11, 16)}`).join(', ')
  return `${counted.length} of ${needed} approvals${who ? `: ${who}` : ''}`
}
