import type { Prisma } from '@clawbernetes/db/rows'
import { newId, type SystemCtx, type Tx } from '../context'
import { enqueue } from '../jobs/enqueue'
import type { ClaimedStep } from './claim-step'
import { compensateInTx } from './compensate'
import { recordPlanEvent } from './record-plan-event'
import { stepJobKey } from './step-job-key'

export type StepOutcome =
  | { type: 'done'; result: Prisma.InputJsonObject; progress: string | null }
  | { type: 'wait'; afterMs: number; progress: string }
  /** Cannot succeed: the plan ends as failed and what was done so far is taken back where that is safe. */
  | { type: 'failed'; code: string; message: string }
  /** Must not go on: nothing more is done. */
  | { type: 'stop'; state: 'stale' | 'cancelled' | 'failed'; reason: string }

/**
 * Writes what a step came to, exactly once: by compare-and-set on the version it was claimed with, together with the job of the
 * next step or the end of the plan. Returns false when another attempt took the step over: the caller's work then counts for nothing.
 */
export async function finishStep(sys: SystemCtx, step: ClaimedStep, outcome: StepOutcome): Promise<boolean> {
  return sys.db.$transaction(async (tx) => {
    const at = sys.now()
    const moved = await tx.planStep.updateMany({
      where: { id: step.id, version: step.version, state: 'running' },
      data: { ...rowFor(outcome, at), version: { increment: 1 } },
    })
    if (moved.count === 0) return false
    if (outcome.type === 'wait') {
      await enqueue(
        tx,
        'plan-step',
        { stepId: step.id },
        { key: stepJobKey(step.id), runAt: new Date(at.getTime() + outcome.afterMs), keepEarlier: true },
      )
      await touchPlan(tx, step, 'running', at)
      return true
    }
    if (outcome.type === 'done') await advance(tx, sys, step, at)
    else
      await endPlan(
        tx,
        sys,
        step,
        outcome.type === 'stop' ? outcome.state : 'failed',
        outcome.type === 'stop' ? outcome.reason : outcome.message,
        at,
      )
    return true
  })
}

function rowFor(outcome: StepOutcome, at: Date): Prisma.PlanStepUpdateManyMutationInput {
  switch (outcome.type) {
    case 'wait':
      return { state: 'waiting', progress: outcome.progress }
    case 'done':
      return { state: 'succeeded', finishedAt: at, result: outcome.result, progress: outcome.progress }
    case 'failed':
      return { state: 'failed', finishedAt: at, errorCode: outcome.code, error: outcome.message }
    case 'stop':
      return {
        state: outcome.state === 'failed' ? 'failed' : 'skipped',
        finishedAt: at,
        errorCode: outcome.state,
        error: outcome.reason,
      }
  }
}

async function advance(tx: Tx, sys: SystemCtx, step: ClaimedStep, at: Date): Promise<void> {
  const next = await tx.planStep.findFirst({
    where: { planId: step.planId, state: 'pending', ordinal: { gt: step.ordinal } },
    orderBy: { ordinal: 'asc' },
    select: { id: true },
  })
  if (!next) return endPlan(tx, sys, step, 'succeeded', null, at)
  await enqueue(tx, 'plan-step', { stepId: next.id }, { key: stepJobKey(next.id) })
  await touchPlan(tx, step, 'running', at)
}

async function touchPlan(tx: Tx, step: ClaimedStep, state: 'running', at: Date): Promise<void> {
  const before = await tx.plan.findUniqueOrThrow({ where: { id: step.planId } })
  const plan = await tx.plan.update({
    where: { id: step.planId },
    data: { state, startedAt: before.startedAt ?? at, version: { increment: 1 } },
  })
  await recordPlanEvent(tx, plan, 'plan.step')
}

async function endPlan(
  tx: Tx,
  sys: SystemCtx,
  step: ClaimedStep,
  state: 'succeeded' | 'failed' | 'stale' | 'cancelled',
  reason: string | null,
  at: Date,
): Promise<void> {
  const before = await tx.plan.findUniqueOrThrow({ where: { id: step.planId } })
  await tx.planStep.updateMany({
    where: { planId: step.planId, state: { in: ['pending', 'waiting'] } },
    data: { state: 'skipped', version: { increment: 1 } },
  })
  const undone = state === 'succeeded' ? [] : await compensateInTx(tx, sys, step)
  const plan = await tx.plan.update({
    where: { id: step.planId },
    data: {
      state,
      stateReason: reason,
      startedAt: before.startedAt ?? at,
      finishedAt: at,
      version: { increment: 1 },
      outcome: { undone },
    },
  })
  // A value that nobody took is not kept.
  await tx.secretDraft.deleteMany({ where: { planId: step.planId } })
  await recordPlanEvent(tx, plan, 'plan.finished')
  if (plan.threadId) await continueThread(tx, plan.threadId, plan.id, plan.orgId, plan.proposedBy, at)
}

/** The chat closes with evidence: one continuation run per plan, by the unique index even when this is repeated. */
async function continueThread(
  tx: Tx,
  threadId: string,
  planId: string,
  orgId: string,
  onBehalfOf: string,
  at: Date,
): Promise<void> {
  const run = await tx.agentRun.create({
    data: { id: newId('run', at), orgId, threadId, kind: 'continuation', onBehalfOf, planId, createdAt: at },
  })
  await enqueue(tx, 'agent-run', { runId: run.id }, { key: `run:${run.id}` })
}
