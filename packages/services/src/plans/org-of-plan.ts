import type { SystemCtx } from '../context'

/** For work that the system was asked to do on a plan: whose it is. */
export async function orgOfPlan({ db }: SystemCtx, input: { planId: string }): Promise<string | null> {
  const plan = await db.plan.findUnique({ where: { id: input.planId }, select: { orgId: true } })
  return plan?.orgId ?? null
}
