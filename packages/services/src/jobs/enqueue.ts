import type { DbOrTx } from '../context'

/** Every task of the worker with its payload. */
export interface Tasks {
  'agent-run': { runId: string }
  'plan-step': { stepId: string }
  /** An edited plan is previewed again by its tool. */
  /** The plan that takes another one back is drafted. */
  'plan-undo': { planId: string; userId: string }
  'plan-edit': { planId: string; revision: number; userId: string; changes: Record<string, string | number | null> }
}

/**
 * Puts a job into the queue, in the caller's transaction: it exists exactly when the change it belongs to does.
 * A job with the same `key` that has not started is replaced, so a waiting step can be woken early; `keepEarlier` leaves its time
 * as it is, so that somebody's wish for "now" is not put off.
 */
export async function enqueue<T extends keyof Tasks>(
  db: DbOrTx,
  task: T,
  payload: Tasks[T],
  options: { key: string; runAt?: Date; maxAttempts?: number; keepEarlier?: boolean },
): Promise<void> {
  const json = JSON.stringify(payload)
  const runAt = options.runAt ?? null
  const maxAttempts = options.maxAttempts ?? 25
  const mode = options.keepEarlier ? 'preserve_run_at' : 'replace'
  await db.$executeRaw`select graphile_worker.add_job(${task}, ${json}::json, job_key := ${options.key}, run_at := coalesce(${runAt}::timestamptz, now()), max_attempts := ${maxAttempts}::int, job_key_mode := ${mode})`
}
