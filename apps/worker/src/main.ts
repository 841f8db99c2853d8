import { createServer } from 'node:http'
import { rescueRuns } from '@clawbernetes/services/chat/start-next-run'
import { storeSkillCards } from '@clawbernetes/services/chat/store-skill-cards'
import { skillPages } from '@clawbernetes/skills/registry/skill-pages'
import { dropUnclaimedApiKeys } from '@clawbernetes/services/identity/pick-up-api-key'
import { expirePlans } from '@clawbernetes/services/plans/expire-plans'
import { rescueSteps } from '@clawbernetes/services/plans/rescue-steps'
import { seedDemoWorkloads } from '@clawbernetes/services/demo/seed-demo-workloads'
import { type Bell, subscribe } from '@clawbernetes/services/log/subscribe'
import { pruneSecretDrafts } from '@clawbernetes/services/secrets/prune-secret-drafts'
import { openSystem } from '@clawbernetes/services/system-context'
import { placePending } from '@clawbernetes/services/workloads/place-pending'
import { pruneChannels } from '@clawbernetes/services/channels/prune-channels'
import { syncChannels } from '@clawbernetes/services/channels/sync-channels'
import { hearForChannels } from './channels/channel-handlers'
import { noTracing } from './agent/no-tracing'
import { taskHandlers } from './jobs/task-handlers'
import { startGateway } from './gateway/start-gateway'
import { runJobs } from './jobs/run-jobs'
import { createLog } from './log'
import { fleetSweeps } from './sweeps/fleet-sweeps'
import { runSweeps, type Sweep } from './sweeps/run-sweeps'

const JOB_CONCURRENCY = 10
/** Answers may wait minutes for a language model: they have slots of their own, so that no plan step waits behind them. */
const TALK_CONCURRENCY = 16

/** `--role all` (default): jobs, sweeps and gateway in one process; `worker` and `gateway` run apart. */
async function main(): Promise<void> {
  noTracing()
  const role = process.argv.includes('--role') ? process.argv[process.argv.indexOf('--role') + 1] : 'all'
  const databaseUrl = process.env.DATABASE_URL
  if (!databaseUrl)
    throw new Error('DATABASE_URL is not set. Start with `npm start`, or set it to a PostgreSQL address.')
  const log = createLog(role === 'all' ? 'worker' : (role ?? 'worker'))
  const stops: (() => Promise<void>)[] = []

  if (role === 'all' || role === 'worker') {
    const { sys, pool, close } = openSystem(databaseUrl, JOB_CONCURRENCY + TALK_CONCURRENCY / 2 + 6)
    const { 'agent-run': answer, 'planner-test': tryModel, ...work } = taskHandlers(sys, log)
    const runner = { sys, pool, log: (m: string) => log.warn(m) }
    const jobs = await runJobs({ ...runner, handlers: work, concurrency: JOB_CONCURRENCY })
    const talk = { 'agent-run': answer, 'planner-test': tryModel }
    const talking = await runJobs({ ...runner, handlers: talk, concurrency: TALK_CONCURRENCY })
    await storeSkillCards(sys, {
      skills: skillPages().map(({ name, title, description, examples }) => ({ name, title, description, examples })),
    })
    const sweeps: Sweep[] = [
      { name: 'expire-plans', everyMs: 5000, run: () => expirePlans(sys) },
      { name: 'prune-secret-drafts', everyMs: 30_000, run: () => pruneSecretDrafts(sys) },
      { name: 'rescue-steps', everyMs: 15_000, run: () => rescueSteps(sys) },
      { name: 'rescue-runs', everyMs: 15_000, run: () => rescueRuns(sys) },
      { name: 'demo-workloads', everyMs: 2000, run: () => seedDemoWorkloads(sys) },
      { name: 'unclaimed-keys', everyMs: 30_000, run: () => dropUnclaimedApiKeys(sys) },
      { name: 'place-pending', everyMs: 2000, run: () => placePending(sys) },
      { name: 'channels', everyMs: 2000, run: () => syncChannels(sys) },
      { name: 'prune-channels', everyMs: 3_600_000, run: () => pruneChannels(sys) },
      ...fleetSweeps(sys),
    ]
    const sweeping = runSweeps(sweeps, (m) => log.warn(m))
    const place = () => sweeping.poke('place-pending')
    const hear = (bell: Bell) => {
      if (bell.topic === 'placement') place()
      else if (hearForChannels(bell)) sweeping.poke('channels')
    }
    const bells = subscribe(databaseUrl, hear, place)
    stops.push(
      () => bells.stop(),
      () => sweeping.stop(),
      () => talking.stop(),
      () => jobs.stop(),
      () => close(),
    )
  }
  if (role === 'all' || role === 'gateway') {
    const gateway = await startGateway({
      port: Number(process.env.GATEWAY_PORT ?? 3001),
      host: process.env.GATEWAY_HOST ?? '127.0.0.1',
      databaseUrl,
      log,
    })
    log.info({ port: gateway.port }, 'gateway listens')
    stops.unshift(() => gateway.stop())
  } else if (process.env.HEALTH_PORT) {
    const health = createServer((_, res) => res.end('ok')).listen(Number(process.env.HEALTH_PORT), '127.0.0.1')
    stops.push(async () => void health.close())
  }
  endOnSignal(stops, (m) => log.warn(m))
  log.info({ role }, 'worker is up')
}

/** SIGTERM and SIGINT: jobs in hand are finished or given back, then the process ends. A second signal ends it at once. */
function endOnSignal(stops: (() => Promise<void>)[], log: (message: string) => void): void {
  let ending = false
  const end = async () => {
    if (ending) process.exit(1)
    ending = true
    for (const stop of stops) await stop().catch((error) => log(`while stopping: ${String(error)}`))
    process.exit(0)
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void end())
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
})
