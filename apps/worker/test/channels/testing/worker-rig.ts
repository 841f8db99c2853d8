import type { SystemCtx } from '@clawbernetes/services/context'
import { syncChannels } from '@clawbernetes/services/channels/sync-channels'
import { subscribe } from '@clawbernetes/services/log/subscribe'
import { openSystem } from '@clawbernetes/services/system-context'
import pino from 'pino'
import { hearForChannels } from '../../../src/channels/channel-handlers'
import { runJobs } from '../../../src/jobs/run-jobs'
import { taskHandlers } from '../../../src/jobs/task-handlers'
import { runSweeps } from '../../../src/sweeps/run-sweeps'

/** The worker's own parts on a database: queue, bells and the sweep of the channels, as `main` puts them together. */
export async function startWorker(databaseUrl: string, now?: () => Date): Promise<{ stop(): Promise<void> }> {
  const opened = openSystem(databaseUrl, 8)
  const sys: SystemCtx = now ? { ...opened.sys, now } : opened.sys
  const handlers = taskHandlers(sys, pino({ level: 'silent' }))
  const jobs = await runJobs({ sys, pool: opened.pool, handlers, concurrency: 4, log: () => {} })
  const sweeping = runSweeps([{ name: 'channels', everyMs: 300, run: () => syncChannels(sys) }], () => {})
  const bells = subscribe(
    databaseUrl,
    (bell) => {
      if (hearForChannels(bell)) sweeping.poke('channels')
    },
    () => {},
  )
  return {
    stop: async () => {
      await bells.stop()
      await sweeping.stop()
      await jobs.stop()
      await opened.close()
    },
  }
}
