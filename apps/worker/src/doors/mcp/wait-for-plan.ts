import type { PlanView } from '@clawbernetes/protocol/views/plan'
import type { Ctx } from '@clawbernetes/services/context'
import type { BellWaiter } from '@clawbernetes/services/log/bell-waiter'
import { readPlan } from '@clawbernetes/services/plans/read-plan'
import { isOver, planFacts, type PlanOutput } from './plan-facts'

/** A sign of life for the client and for proxies, and the moment to look whether the key still holds. */
const PROGRESS_MS = 5000

export interface Waiting {
  ctx: Ctx
  bells: BellWaiter
  /** Throws when the key was revoked meanwhile. */
  recheck: () => Promise<unknown>
  /** Absent: the client did not ask for progress. */
  progress: ((message: string) => Promise<void>) | null
  signal: AbortSignal
}

/** Stays until the plan is over, the time is, or the caller has hung up; then says where it stands. */
export async function waitForPlan(wait: Waiting, planId: string, waitMs: number): Promise<PlanOutput> {
  const { ctx, bells, signal } = wait
  const end = Date.now() + waitMs
  let told = ''
  let view = await readPlan({ ctx, input: { planId } })
  const tell = async () => {
    const now = planFacts(view).message
    if (wait.progress && now !== told) await wait.progress((told = now))
  }
  while (!isOver(view) && !signal.aborted && Date.now() < end) {
    await tell()
    const { version, id } = view
    view = await bells.readUntil<PlanView>({
      read: () => readPlan({ ctx, input: { planId: id } }),
      enough: (seen) => seen.version > version || isOver(seen),
      matters: (bell) => bell.topic === 'event' && bell.room === `plan:${id}`,
      timeoutMs: Math.min(PROGRESS_MS, Math.max(0, end - Date.now())),
      signal,
    })
    if (view.version === version) {
      await wait.recheck()
      told = ''
    }
  }
  return planFacts(view)
}
