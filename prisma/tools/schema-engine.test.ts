import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../src/testing'

const exec = promisify(execFile)
const here = fileURLToPath(new URL('..', import.meta.url))
const cli = fileURLToPath(new URL('../../node_modules/prisma/build/index.js', import.meta.url))

const MODELS = 'datasource db {\n  provider = "postgresql"\n}\nmodel Thing {\n  id Int @id\n}\n'
const FIRST = 'CREATE TABLE "Thing" ("id" INTEGER NOT NULL, CONSTRAINT "Thing_pkey" PRIMARY KEY ("id"));\n'
const FUNCTION = `CREATE FUNCTION one() RETURNS int AS $$ BEGIN RETURN 1; END; $$ LANGUAGE plpgsql;\n`

describe('migrations', () => {
  let database: TestDatabase
  let project: string

  beforeAll(async () => {
    database = await testDatabase()
    // Below node_modules, so that the configuration finds the prisma package.
    const parent = path.join(here, '../node_modules/.cache')
    await mkdir(parent, { recursive: true })
    project = await mkdtemp(path.join(parent, 'migrations-'))
    await cp(path.join(here, 'tools'), path.join(project, 'tools'), { recursive: true })
    await cp(path.join(here, 'prisma.config.ts'), path.join(project, 'prisma.config.ts'))
    await write('package.json', '{ "type": "module" }')
    await write('schema/thing.prisma', MODELS)
    await write('migrations/migration_lock.toml', 'provider = "postgresql"\n')
    await write('migrations/1_first/migration.sql', FIRST + FUNCTION)
  })
  afterAll(async () => {
    await rm(project, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
    await database.drop()
  })

  async function write(file: string, text: string) {
    await mkdir(path.dirname(path.join(project, file)), { recursive: true })
    await writeFile(path.join(project, file), text)
  }

  function prisma(url: string, args: string[], cwd = project) {
    const env = { ...process.env, CI: '1', DATABASE_URL: url }
    return exec(process.execPath, [cli, ...args, '--config', 'prisma.config.ts'], { cwd, env })
  }

  it('say what the schema says: nothing was written by hand that the schema does not know', async () => {
    const args = ['migrate', 'diff', '--from-migrations', 'migrations', '--to-schema', 'schema', '--exit-code']
    await prisma(database.url, args, here)
  }, 60_000)

  it('create the database, keep function bodies whole, apply once, and report a broken one', async () => {
    const url = `${database.url}_toy`
    await prisma(url, ['migrate', 'deploy'])
    expect(await ask(url, 'SELECT one() AS one')).toEqual([{ one: 1 }])
    expect((await prisma(url, ['migrate', 'deploy'])).stdout).toContain('No pending migrations')

    await write('migrations/2_broken/migration.sql', 'ALTER TABLE "Nothing" ADD COLUMN "x" INTEGER;\n')
    await expect(prisma(url, ['migrate', 'deploy'])).rejects.toMatchObject({
      stderr: expect.stringContaining('2_broken'),
    })
    await expect(prisma(url, ['migrate', 'deploy'])).rejects.toMatchObject({ stderr: expect.stringContaining('P3009') })
    await rm(path.join(project, 'migrations/2_broken'), { recursive: true })
    await ask(database.url, `DROP DATABASE "${new URL(url).pathname.slice(1)}" WITH (FORCE)`)
  }, 60_000)

  it('are compared in a shadow database and never in the one they are for', async () => {
    await ask(database.url, 'CREATE TABLE untouched (id int)')
    const args = ['migrate', 'diff', '--from-migrations', 'migrations', '--to-schema', 'schema', '--exit-code']
    await prisma(database.url, args)
    expect(
      await ask(database.url, `SELECT to_regclass('"Thing"') AS thing, to_regclass('untouched')::text AS kept`),
    ).toEqual([{ thing: null, kept: 'untouched' }])
    expect(
      await ask(database.url, `SELECT datname FROM pg_database WHERE datname LIKE 'prisma_migrate_shadow%'`),
    ).toEqual([])
  }, 60_000)
})

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}
