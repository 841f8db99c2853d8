import { CLOSED_WORDS } from '@clawbernetes/domain/plans/plan-machine'
import type { PlanModel, PlanRevisionModel } from '@clawbernetes/db/rows'
import type { DbOrTx } from '../context'
import { ServiceError } from '../errors'
import { planLabel } from '../plans/plan-digest'

const clock = (at: Date): string => `${at.toISOString().slice(11, 19)} UTC`

/** Throws `conflict` when a decision comes too late or means something else than what would be done: who was first, and when. */
export async function refuseClosed(
  db: DbOrTx,
  plan: PlanModel,
  revision: PlanRevisionModel,
  named: { revision: number; digest: string },
): Promise<void> {
  const label = planLabel(plan.number)
  if (plan.state !== 'proposed') {
    const who = plan.decidedBy === 'policy' ? 'The policy' : await nameOf(db, plan.decidedBy)
    const when = who && plan.decidedAt ? ` ${who} decided at ${clock(plan.decidedAt)}.` : ''
    throw new ServiceError('conflict', `${label}: ${CLOSED_WORDS[plan.state]}${when}`, {
      state: plan.state,
      decidedBy: plan.decidedBy,
    })
  }
  if (named.revision !== plan.revision) {
    const by = await nameOf(db, revision.editedBy)
    throw new ServiceError(
      'conflict',
      `${label} r${named.revision} was replaced by r${plan.revision}${by ? `, edited by ${by}` : ''} at ${clock(revision.createdAt)}. Look at the new revision first.`,
      { state: 'superseded', revision: plan.revision },
    )
  }
  if (named.digest !== revision.digest)
    throw new ServiceError('conflict', 'What you saw is not what would be done. Reload the plan.', {
      state: 'superseded',
    })
}

async function nameOf(db: DbOrTx, userId: string | null): Promise<string | null> {
  if (!userId) return null
  return (await db.user.findUnique({ where: { id: userId }, select: { name: true } }))?.name ?? null
}
