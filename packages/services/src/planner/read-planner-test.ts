import type { PlannerTestModel } from '@clawbernetes/db/rows'
import type { PlannerTestView } from '@clawbernetes/protocol/views/planner'
import { type Ctx, requirePermission } from '../context'
import { notFound } from '../errors'

/** A test that nobody finished by then will not finish: its worker died. */
const LOST_AFTER_MS = 120_000

export async function readPlannerTest({
  ctx,
  input,
}: {
  ctx: Ctx
  input: { testId: string }
}): Promise<PlannerTestView> {
  requirePermission(ctx, 'managePolicy')
  const row = await ctx.db.plannerTest.findFirst({ where: { id: input.testId, orgId: ctx.actor.orgId } })
  if (!row) throw notFound('test')
  const lost = row.state === 'queued' && ctx.now().getTime() - row.createdAt.getTime() > LOST_AFTER_MS
  return lost ? { ...testView(row), state: 'failed', error: 'No worker answered within two minutes.' } : testView(row)
}

const testView = (row: PlannerTestModel): PlannerTestView => ({
  id: row.id,
  state: row.state === 'passed' ? 'passed' : row.state === 'failed' ? 'failed' : 'queued',
  provider: row.provider,
  model: row.model,
  latencyMs: row.latencyMs,
  firstWordsMs: row.firstWordsMs,
  sample: row.sample,
  error: row.error,
  createdAt: row.createdAt.toISOString(),
  finishedAt: row.finishedAt?.toISOString() ?? null,
})
