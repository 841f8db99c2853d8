import { ALREADY_CLAIMED, ProcessFiles } from './process-files'
import { ProcessLog } from './process-log'
import { TaskRun } from './task'
import { TrainRun } from './train'

/** The simulated process of one replica: `clawbernetes-node.mjs sim-run <folder>`. Loads nothing that it does not need. */
export function runSimProcess(dir: string): void {
  const files = new ProcessFiles(dir)
  if (!files.claim()) process.exit(ALREADY_CLAIMED)
  const log = new ProcessLog(dir)
  const { job } = files
  if (job.plan.ramMib > job.ramLimitMib) {
    files.end({ exitCode: 137, oomKilled: true, ramMib: job.ramLimitMib, suspended: false })
    process.kill(process.pid, 'SIGKILL')
    return
  }
  const run = job.kind === 'train' ? new TrainRun(job, files, log) : new TaskRun(job, files, log)
  process.on('SIGUSR1', () => run.checkpointNow())
  process.on('SIGUSR2', () => run.checkpointNow())
  process.on('SIGTERM', () => run.terminate('SIGTERM'))
  process.on('SIGINT', () => run.terminate('SIGINT'))
  process.on('SIGHUP', () => run.suspend())
  // Nobody's computer keeps the processes of a fleet that was killed and forgotten.
  setInterval(() => {
    const world = files.world()
    if (world && Date.now() - world.atMs > job.machineSilentMs) run.suspend()
  }, job.machineSilentMs / 10).unref()
  run.begin()
}
