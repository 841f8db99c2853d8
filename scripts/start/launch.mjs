import path from 'node:path'
import { build } from './build.mjs'
import { openDatabase } from './database.mjs'
import { explain } from './failure.mjs'
import { install, needsInstall } from './install.mjs'
import { checkDisk, checkPorts, claim } from './machine.mjs'
import { loadEnvFile, readOptions } from './options.mjs'
import { watchNpm } from './npm-ancestor.mjs'
import { createProgress } from './progress.mjs'
import { answersOk, untilReady } from './ready.mjs'
import { installationSecrets } from './secrets.mjs'
import { seed } from './seed.mjs'
import { commands, environments } from './services.mjs'
import { createSupervisor } from './supervisor.mjs'

/**
 * Installs, builds, starts everything, says where it is, and stops all of it on Ctrl-C.
 * @param {string[]} argv
 */
export async function launch(argv) {
  const progress = createProgress(process.stdout)
  const stopAsked = new AbortController()
  const cleanUps = []
  onStopAsked(() => stopAsked.abort())
  try {
    loadEnvFile()
    const options = readOptions(argv, process.env)
    await bringUp(options, progress, stopAsked.signal, cleanUps)
    await aborted(stopAsked.signal)
  } catch (error) {
    if (!stopAsked.signal.aborted) {
      process.stderr.write(`\n${explain(error)}\n`)
      process.exitCode = 1
    }
  }
  if (cleanUps.length > 1) progress.say('\nStopping…')
  for (const cleanUp of cleanUps.reverse()) {
    await cleanUp().catch((error) => process.stderr.write(`${explain(error)}\n`))
  }
  process.exit()
}

async function bringUp(options, progress, signal, cleanUps) {
  const willInstall = await needsInstall()
  cleanUps.push(await claim(options))
  await checkPorts(options)
  await checkDisk({ dataDir: options.dataDir, willInstall })
  if (willInstall) await progress.step('Installing packages', (detail) => install(detail, signal))
  signal.throwIfAborted()

  const { database, secrets } = await prepare(options, progress, signal, cleanUps)
  signal.throwIfAborted()
  const env = environments(options, { databaseUrl: database.url, ...secrets })
  const parts = commands(options)
  const demo = options.demo
    ? await progress.step('Setting up the demo', () =>
        seed({ args: parts.seed, env: env.seed, dataDir: options.dataDir, reset: options.resetDemo, signal }),
      )
    : undefined
  signal.throwIfAborted()

  const supervisor = createSupervisor({
    logDir: path.join(options.dataDir, 'logs'),
    say: progress.say,
    verbose: options.verbose,
  })
  cleanUps.push(() => supervisor.stop())
  cleanUps.push(asCleanUp(database.watch(() => progress.say('Postgres went away and is started again'))))
  await progress.step('Starting', () => startServices(options, { env, parts, demo, supervisor, signal }))
  announce(options, demo, progress)
}

async function prepare(options, progress, signal, cleanUps) {
  const secrets = await installationSecrets(options.dataDir)
  const open = async () => {
    const database = await openDatabase(options)
    cleanUps.push(() => database.stop())
    return database
  }
  const label = options.databaseUrl ? 'Preparing the database and building' : 'Starting Postgres and building'
  const [database] = await progress.step(label, () => together([open, (end) => build(options, end)], signal))
  return { database, secrets }
}

/** Runs tasks that need nothing of each other; when one fails the others are ended, and its failure is the answer. */
async function together(tasks, signal) {
  const failed = new AbortController()
  const end = AbortSignal.any([signal, failed.signal])
  const running = tasks.map((task) =>
    task(end).catch((error) => {
      failed.abort(error)
      throw error
    }),
  )
  const results = await Promise.allSettled(running)
  if (failed.signal.aborted) throw failed.signal.reason
  return results.map(({ value }) => value)
}

async function startServices({ port, host, gatewayPort, dev }, { env, parts, demo, supervisor, signal }) {
  const timeoutMs = dev ? 180_000 : 90_000
  const web = supervisor.start({ name: 'web', args: parts.web, env: env.web })
  if (dev) supervisor.start({ name: 'bundle', args: parts.agentBundle, env: env.common })
  const worker = supervisor.start({ name: 'worker', args: parts.worker, env: env.common })
  const local = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  const workerReady = untilReady(worker, () => answersOk(`http://127.0.0.1:${gatewayPort}/health`), {
    timeoutMs,
    signal,
  })
  const webReady = untilReady(web, () => answersOk(`http://${local}:${port}/api/health`), { timeoutMs, signal })
  await Promise.all([workerReady.then(() => demo && startDemo()), webReady])

  async function startDemo() {
    let ready = false
    const onLine = (line) => {
      ready ||= line.includes('"demo.ready"')
    }
    const fleet = supervisor.start({ name: 'demo', args: parts.demo(demo.joinToken), env: env.common, onLine })
    await untilReady(fleet, () => ready, { timeoutMs, signal })
  }
}

function announce({ publicUrl, host, dataDir }, demo, { say, elapsed }) {
  const lines = ['', `Clawbernetes is ready at ${publicUrl} (${elapsed()})`]
  if (demo) lines.push('', `  demo sign-in   ${demo.email}`, `  password       ${demo.password}`)
  if (host === '127.0.0.1') lines.push('', 'Only this machine can reach it; HOST=0.0.0.0 opens it to the network.')
  lines.push(
    `Logs are in ${path.relative(process.cwd(), path.join(dataDir, 'logs')) || '.'}. Ctrl-C stops everything.`,
    '',
  )
  say(lines.join('\n'))
}

function onStopAsked(stop) {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop)
  watchNpm(stop)
}

const aborted = (signal) => new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))

const asCleanUp = (stop) => async () => stop()
