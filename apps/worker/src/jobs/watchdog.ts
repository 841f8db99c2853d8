import type { SystemCtx } from '@clawbernetes/services/context'
import { beat } from '@clawbernetes/services/jobs/beat'
import { takeDeadPools } from '@clawbernetes/services/jobs/take-dead-pools'

const BEAT_MS = 1000

/**
 * Beats for this process's worker pools and frees the jobs of pools that stopped beating: a killed worker's work is taken up by
 * another within seconds instead of the queue's four hours. The first beat must be written before the first job is taken.
 */
export function startWatchdog(
  sys: SystemCtx,
  pools: { own: () => string[]; free: (poolIds: string[]) => Promise<void> },
  log: (message: string) => void,
): { stop(): Promise<void> } {
  let stopped = false
  let running: Promise<void> = Promise.resolve()
  const round = async () => {
    try {
      await beat(sys, { poolIds: pools.own(), role: 'worker' })
      const dead = await takeDeadPools(sys)
      if (dead.length > 0) {
        await pools.free(dead)
        log(`freed the jobs of ${dead.length} dead worker pool${dead.length === 1 ? '' : 's'}`)
      }
    } catch (error) {
      log(`watchdog: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  const timer = setInterval(() => {
    if (!stopped) running = running.then(round)
  }, BEAT_MS)
  return {
    stop: async () => {
      stopped = true
      clearInterval(timer)
      await running
    },
  }
}
