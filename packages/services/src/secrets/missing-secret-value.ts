import type { PlanContent } from '@clawbernetes/protocol/plans/content'
import type { DbOrTx } from '../context'

/** What must still be entered before this revision can be approved, in words; null: nothing. */
export async function missingSecretValue(
  db: DbOrTx,
  plan: { id: string; revision: number },
  content: PlanContent,
): Promise<string | null> {
  if (!content.secretValue) return null
  const entered = await db.secretDraft.count({ where: { planId: plan.id, revision: plan.revision } })
  return entered > 0 ? null : `Enter the value of ${content.secretValue.name} in the secret field of its card first.`
}
