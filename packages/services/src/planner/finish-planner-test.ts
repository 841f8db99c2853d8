import type { SystemCtx } from '../context'
import { recordEvent } from '../log/record-event'

export interface PlannerTestResult {
  state: 'passed' | 'failed'
  provider: string | null
  model: string | null
  latencyMs: number | null
  firstWordsMs: number | null
  sample: string | null
  error: string | null
}

/** The organisation whose language model is to be tried; null: the test is gone or over. */
export async function openPlannerTest(sys: SystemCtx, input: { testId: string }): Promise<{ orgId: string } | null> {
  return sys.db.plannerTest.findFirst({ where: { id: input.testId, state: 'queued' }, select: { orgId: true } })
}

/** Writes what came of a test and rings for the one who waits. */
export async function finishPlannerTest(
  sys: SystemCtx,
  input: { testId: string; result: PlannerTestResult },
): Promise<void> {
  await sys.db.$transaction(async (tx) => {
    const moved = await tx.plannerTest.updateMany({
      where: { id: input.testId, state: 'queued' },
      data: { ...input.result, finishedAt: sys.now() },
    })
    if (moved.count === 0) return
    const { orgId } = await tx.plannerTest.findUniqueOrThrow({ where: { id: input.testId }, select: { orgId: true } })
    await recordEvent(tx, {
      orgId,
      room: `org:${orgId}`,
      kind: 'org.planner',
      entityId: input.testId,
      entityVersion: 1,
    })
  })
}
