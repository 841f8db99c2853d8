import { run, type Runner, type TaskList, Logger } from 'graphile-worker'
import type { Pool } from '@clawbernetes/services/system-context'
import type { SystemCtx } from '@clawbernetes/services/context'
import { beat, endBeat } from '@clawbernetes/services/jobs/beat'
import type { Tasks } from '@clawbernetes/services/jobs/enqueue'
import { EventEmitter } from 'node:events'
import { startWatchdog } from './watchdog'

export type TaskHandlers = { [T in keyof Tasks]: (payload: Tasks[T]) => Promise<void> }

export interface JobRunner {
  stop(): Promise<void>
}

/**
 * Takes jobs from Postgres until `stop()`. Waits of plan steps are jobs in the future; the poll finds them, NOTIFY finds the rest
 * at once. Beats before it takes the first job.
 */
export async function runJobs(options: {
  sys: SystemCtx
  pool: Pool
  /** The tasks that this runner takes; others are left to other runners. */
  handlers: Partial<TaskHandlers>
  concurrency: number
  log: (message: string) => void
}): Promise<JobRunner> {
  const { sys, handlers, log } = options
  const pools: string[] = []
  const events = new EventEmitter() as NonNullable<Parameters<typeof run>[0]['events']>
  let firstBeat: Promise<void> = Promise.resolve()
  events.on('pool:create', (e) => {
    pools.push(e.workerPool.id)
    firstBeat = beat(sys, { poolIds: [e.workerPool.id], role: 'worker' })
  })
  const taskList: TaskList = {}
  for (const name of Object.keys(handlers) as (keyof TaskHandlers)[]) {
    const handle = handlers[name] as (payload: unknown) => Promise<void>
    taskList[name] = async (payload) => {
      await firstBeat
      await handle(payload)
    }
  }
  const runner: Runner = await run({
    pgPool: options.pool,
    taskList,
    events,
    concurrency: options.concurrency,
    pollInterval: 1000,
    noHandleSignals: true,
    logger: new Logger(() => (level, message) => {
      if (level === 'error' || level === 'warning') log(message)
    }),
  })
  const watchdog = startWatchdog(sys, { own: () => pools, free: (ids) => freePools(options.pool, ids) }, log)
  return {
    stop: async () => {
      await runner.stop()
      await watchdog.stop()
      await endBeat(sys, { poolIds: pools }).catch(() => {})
    },
  }
}

async function freePools(pool: Pool, ids: string[]): Promise<void> {
  await pool.query('select graphile_worker.force_unlock_workers($1::text[])', [ids])
}
