import type { DbOrTx } from '../context'

/** Every task of the worker with its payload. */
export interface Tasks {
  /** "Test connection" of the language model. */
  'planner-test': { testId: string }
  'agent-run': { runId: string }
  'plan-step': { stepId: string }
  /** An edited plan is previewed again by its tool. */
  /** The plan that takes another one back is drafted. */
  'plan-undo': { planId: string; userId: string }
  /** A plan that ended undecided is proposed again from its arguments. */
  'plan-again': { planId: string; userId: string }
  /** A tool is called by a button of the web app; its card, or why there is none, goes into the conversation made for it. */
  'plan-draft': {
    orgId: string
    userId: string
    threadId: string
    tool: string
    args: Record<string, string>
    text: string
  }
  /** One message of ours in Slack or Discord is brought up to date. */
  'channel-post': { postId: string }
  /** Words for one person in Slack or Discord; `link`: with a fresh link to the account. */
  'channel-whisper': {
    connectionId: string
    channelId: string
    externalId: string
    externalName: string
    replyTo: string | null
    text: string
    link: boolean
    /** Discord: the interaction that is answered, sealed. */
    sealedReply: string | null
  }
  /** Tokens of a connection are tried out, its channels read. */
  'channel-check': { connectionId: string }
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
