import { readdir } from 'node:fs/promises'
import net from 'node:net'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { StartFailure } from './failure.mjs'
import { ROOT } from './options.mjs'

const NAME = 'clawbernetes'
const CONNECT_TIMEOUT_MS = 10_000
const WATCH_MS = 2_000

/**
 * A migrated database: the one DATABASE_URL names, or the embedded one under `dataDir`.
 * @param {{ databaseUrl?: string, dataDir: string }} options
 * @returns {Promise<{ url: string, embedded: boolean, watch(onRestart: () => void): () => void, stop(): Promise<void> }>}
 */
export async function openDatabase({ databaseUrl, dataDir }) {
  const database = databaseUrl ? external(databaseUrl) : await embedded(path.join(dataDir, 'postgres'))
  try {
    await migrate(database.url)
    return database
  } catch (error) {
    await database.stop()
    throw error
  }
}

const external = (url) => ({ url, embedded: false, watch: () => () => {}, stop: async () => {} })

async function embedded(dataDir) {
  const { ensurePostgres } = await import('@clawbernetes/db/embedded')
  const server = await ensurePostgres({ dataDir })
  const url = new URL(server.url)
  url.pathname = `/${NAME}`
  return {
    url: url.href,
    embedded: true,
    watch: (onRestart) => keepUp(server.port, () => ensurePostgres({ dataDir }), onRestart),
    stop: () => server.stop(),
  }
}

/** Starts the server again when it went away, however it went. */
function keepUp(port, restart, onRestart) {
  const ended = new AbortController()
  async function watch() {
    while (await sleep(WATCH_MS, true, { signal: ended.signal, ref: false }).catch(() => false)) {
      if (await answers(port)) continue
      onRestart()
      // A failure is not the last word: the next turn tries again.
      await restart().catch(() => {})
    }
  }
  void watch()
  return () => ended.abort()
}

async function migrate(url) {
  const { default: pg } = await import('pg')
  const { migrateDeploy, migrateQueue } = await import('@clawbernetes/db/migrate')
  const migrated = await isMigrated(pg, url)
  try {
    await (migrated ? migrateQueue(url) : migrateDeploy(url))
  } catch (error) {
    throw new StartFailure('The database could not be brought up to date; nothing else was started.', error.message)
  }
}

/** Asking the table is a hundred times quicker than asking the migration tool. */
async function isMigrated(pg, url) {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS })
  try {
    await client.connect()
    const { rows } = await client.query('SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL')
    const applied = new Set(rows.map((row) => row.migration_name))
    const entries = await readdir(path.join(ROOT, 'prisma/migrations'), { withFileTypes: true })
    return entries.filter((entry) => entry.isDirectory()).every(({ name }) => applied.has(name))
  } catch (error) {
    const [noDatabase, noTable] = ['3D000', '42P01']
    if (error.code === noDatabase || error.code === noTable) return false
    throw unreachable(url, error)
  } finally {
    await client.end().catch(() => {})
  }
}

function unreachable(url, error) {
  const { hostname, port, pathname } = parse(url)
  const where = `${hostname}:${port || 5432}${pathname}`
  const refused = error.code === '28P01' || error.code === '28000'
  if (refused) return new StartFailure(`Postgres at ${where} refuses the user or the password: check DATABASE_URL.`)
  const reason = error.code ?? error.message
  return new StartFailure(
    `Postgres at ${where} does not answer (${reason}): check DATABASE_URL, or unset it to use the embedded one.`,
  )
}

function parse(url) {
  try {
    return new URL(url)
  } catch {
    throw new StartFailure(
      'DATABASE_URL is not an address: it looks like postgresql://user:password@host:5432/database.',
    )
  }
}

function answers(port) {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1')
    socket
      .once('connect', () => socket.destroy())
      .once('error', () => resolve(false))
      .once('close', (failed) => resolve(!failed))
  })
}
