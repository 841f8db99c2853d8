import { type Ctx, newId, requirePermission } from '../context'
import { ServiceError } from '../errors'
import { enqueue } from '../jobs/enqueue'
import { appendAudit } from '../log/append-audit'

const MIN_GAP_MS = 2000

/** Asks the worker to try the language model that is set up: one tool call and a few words. Its result is a row. */
export async function requestPlannerTest({ ctx }: { ctx: Ctx }): Promise<{ testId: string }> {
  requirePermission(ctx, 'managePolicy')
  const { orgId, userId } = ctx.actor
  const at = ctx.now()
  return ctx.db.$transaction(async (tx) => {
    const last = await tx.plannerTest.findFirst({ where: { orgId }, orderBy: { createdAt: 'desc' } })
    if (last && at.getTime() - last.createdAt.getTime() < MIN_GAP_MS)
      throw new ServiceError('rate-limited', 'A test was started a moment ago. Wait two seconds.')
    const test = await tx.plannerTest.create({
      data: { id: newId('plannerTest', at), orgId, askedBy: userId ?? 'system', createdAt: at },
    })
    // A test is for the person who waits for it: it is not tried again.
    await enqueue(tx, 'planner-test', { testId: test.id }, { key: `planner-test:${test.id}`, maxAttempts: 1 })
    await appendAudit(tx, ctx, 'planner.test', test.id)
    return { testId: test.id }
  })
}
