import type { PlanStateName } from '@clawbernetes/protocol/views/plan'
import type { DbOrTx } from '../context'
import { planLabel } from './plan-digest'

/** One that ended in any other way took nothing back: the plan can be undone anew. */
const HOLDS: PlanStateName[] = ['approved', 'running', 'compensating', 'succeeded']

/** The plan that takes this one back, done already or still on its way; null: nothing stands against undoing it. */
export async function findUndo(
  db: DbOrTx,
  plan: { id: string; orgId: string },
  at: Date,
): Promise<{ id: string; label: string; state: PlanStateName } | null> {
  const row = await db.plan.findFirst({
    where: {
      orgId: plan.orgId,
      parentId: plan.id,
      OR: [{ state: { in: HOLDS } }, { state: 'proposed', expiresAt: { gt: at } }],
    },
    orderBy: { number: 'desc' },
    select: { id: true, number: true, state: true },
  })
  return row ? { id: row.id, label: planLabel(row.number), state: row.state } : null
}
