import type { Tx } from '../context'
import { recordEvents } from '../log/record-events'
import { planEvents } from './record-plan-event'

/** The emergency stop holds approved plans or lets them go on: whoever looks at one of their cards sees it at once. */
export async function touchOpenPlans(tx: Tx, orgId: string): Promise<void> {
  const where = { orgId, state: { in: ['approved' as const, 'running' as const] } }
  await tx.plan.updateMany({ where, data: { version: { increment: 1 } } })
  const open = await tx.plan.findMany({ where, orderBy: { number: 'asc' } })
  await recordEvents(
    tx,
    open.flatMap((plan) => planEvents(plan, 'plan.step')),
  )
}
