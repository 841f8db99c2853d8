// A real Postgres for tests: one database per call, copied from a template that carries the migrations.
import { createHash, randomBytes } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { migrateDeploy } from '../migrate.mjs'
import { sharedTestServer } from '../test-server.mjs'

export interface TestDatabase {
  url: string
  drop(): Promise<void>
}

const MIGRATIONS_DIR = fileURLToPath(new URL('../migrations', import.meta.url))
/** Advisory lock number under which one process at a time builds the template or sweeps. */
const TEMPLATE_LOCK = 7_203_114
const LEFTOVER_AGE_S = 2 * 60 * 60
const PREFIX = 'clawbernetes_test_'

/**
 * A fresh database with all migrations applied; 20 ms in memory, some 100 ms on a disk. `drop()` it when done: what a killed run leaves behind
 * is swept two hours later. Uses the server of TEST_DATABASE_URL or DATABASE_URL when set, else one shared embedded
 * server that is started on demand and stays up between runs.
 */
export async function testDatabase(): Promise<TestDatabase> {
  serverReady ??= prepareServer()
  const { adminUrl, template } = await serverReady
  const name = `${PREFIX}${nowInSeconds()}_${randomBytes(5).toString('hex')}`
  await asAdmin(adminUrl, (admin) =>
    admin.query(`CREATE DATABASE ${quoted(name)} TEMPLATE ${quoted(template)} STRATEGY FILE_COPY`),
  )
  return {
    url: databaseUrl(adminUrl, name),
    drop: () => asAdmin(adminUrl, (admin) => admin.query(`DROP DATABASE IF EXISTS ${quoted(name)} WITH (FORCE)`)),
  }
}

let serverReady: Promise<{ adminUrl: string; template: string }> | undefined

async function prepareServer() {
  const adminUrl = process.env.TEST_DATABASE_URL ?? process.env.DATABASE_URL ?? (await sharedTestServer()).url
  const template = `${PREFIX}template_${await hashOfMigrations()}`
  await asAdmin(adminUrl, async (admin) => {
    await admin.query('SELECT pg_advisory_lock($1)', [TEMPLATE_LOCK])
    if (!(await exists(admin, template))) await buildTemplate(admin, adminUrl, template)
    await sweepLeftovers(admin)
  })
  return { adminUrl, template }
}

/** Built under another name and renamed: a template that exists is complete. */
async function buildTemplate(admin: pg.Client, adminUrl: string, template: string) {
  const unfinished = `${template}_unfinished`
  await admin.query(`DROP DATABASE IF EXISTS ${quoted(unfinished)} WITH (FORCE)`)
  await admin.query(`CREATE DATABASE ${quoted(unfinished)}`)
  await migrateDeploy(databaseUrl(adminUrl, unfinished))
  await admin.query(`ALTER DATABASE ${quoted(unfinished)} RENAME TO ${quoted(template)}`)
}

async function sweepLeftovers(admin: pg.Client) {
  const { rows } = await admin.query<{ datname: string }>('SELECT datname FROM pg_database WHERE datname LIKE $1', [
    `${PREFIX}%`,
  ])
  for (const { datname } of rows) {
    const bornAt = Number(new RegExp(`^${PREFIX}(\\d+)_`).exec(datname)?.[1])
    if (nowInSeconds() - bornAt > LEFTOVER_AGE_S) {
      await admin.query(`DROP DATABASE IF EXISTS ${quoted(datname)} WITH (FORCE)`)
    }
  }
}

async function hashOfMigrations(): Promise<string> {
  const entries = await readdir(MIGRATIONS_DIR, { recursive: true, withFileTypes: true }).catch(() => [])
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name))
  // How migrations are applied (which libraries' tables come along) is part of what the template is.
  const hash = createHash('sha256').update(await readFile(fileURLToPath(new URL('../migrate.mjs', import.meta.url))))
  for (const file of files.sort()) {
    hash.update(path.relative(MIGRATIONS_DIR, file)).update(await readFile(file))
  }
  return hash.digest('hex').slice(0, 16)
}

async function exists(admin: pg.Client, database: string): Promise<boolean> {
  const { rowCount } = await admin.query('SELECT 1 FROM pg_database WHERE datname = $1', [database])
  return rowCount === 1
}

async function asAdmin(adminUrl: string, task: (admin: pg.Client) => Promise<unknown>): Promise<void> {
  const admin = new pg.Client({ connectionString: adminUrl })
  await admin.connect()
  try {
    await task(admin)
  } finally {
    await admin.end()
  }
}

function databaseUrl(adminUrl: string, database: string): string {
  const url = new URL(adminUrl)
  url.pathname = `/${database}`
  return url.href
}

function nowInSeconds(): number {
  return Math.floor(Date.now() / 1000)
}

const quoted = (name: string) => pg.escapeIdentifier(name)
