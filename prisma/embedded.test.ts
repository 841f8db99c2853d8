import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ensurePostgres } from './embedded.mjs'

describe('the embedded Postgres', () => {
  let dataDir: string
  beforeEach(async () => {
    dataDir = path.join(await mkdtemp(path.join(tmpdir(), 'clawbernetes-pg-')), 'postgres')
  })
  afterEach(async () => {
    const server = await ensurePostgres({ dataDir }).catch(() => undefined)
    await server?.stop()
    await rm(path.dirname(dataDir), { recursive: true, force: true })
  })

  it('starts once, is found running, and keeps its port and password over a stop', async () => {
    const first = await ensurePostgres({ dataDir })
    const again = await ensurePostgres({ dataDir })
    expect(again.url).toBe(first.url)
    await first.stop()
    const later = await ensurePostgres({ dataDir })
    expect(later.url).toBe(first.url)
    expect(await ask(later.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  })

  it('lets nobody in without the password', async () => {
    const server = await ensurePostgres({ dataDir })
    const stranger = new URL(server.url)
    stranger.password = 'wrong'
    await expect(ask(stranger.href, 'SELECT 1')).rejects.toThrow(/password authentication failed/)
  })

  it('gives two starters at the same moment one server', async () => {
    const [one, two] = await Promise.all([ensurePostgres({ dataDir }), ensurePostgres({ dataDir })])
    expect(one.url).toBe(two.url)
  })

  it('loses nothing that was committed when it is killed', async () => {
    const server = await ensurePostgres({ dataDir })
    await ask(server.url, 'CREATE TABLE kept (n int)')
    await ask(server.url, 'INSERT INTO kept SELECT generate_series(1, 1000)')
    process.kill(await postmasterPid(dataDir), 'SIGKILL')
    const restarted = await ensurePostgres({ dataDir })
    expect(await ask(restarted.url, 'SELECT count(*)::int AS n FROM kept')).toEqual([{ n: 1000 }])
  })

  it('starts over what a killed creation left behind', async () => {
    await mkdir(path.join(dataDir, 'cluster.new'), { recursive: true })
    await writeFile(path.join(dataDir, 'cluster.new/half'), 'written')
    const server = await ensurePostgres({ dataDir })
    expect(await ask(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  })

  it('says that damaged data is damaged', async () => {
    const server = await ensurePostgres({ dataDir })
    await server.stop()
    await writeFile(path.join(dataDir, 'cluster/global/pg_control'), 'nonsense')
    await expect(ensurePostgres({ dataDir })).rejects.toThrow(`The database in ${dataDir} is damaged`)
    await rm(path.join(dataDir, 'cluster/global'), { recursive: true })
    await expect(ensurePostgres({ dataDir })).rejects.toThrow(`The database in ${dataDir} is damaged`)
  })

  it('says that data of another version is of another version', async () => {
    const server = await ensurePostgres({ dataDir })
    await server.stop()
    await writeFile(path.join(dataDir, 'cluster/PG_VERSION'), '15\n')
    await expect(ensurePostgres({ dataDir })).rejects.toThrow('was written by another version of Postgres')
  })

  it('names DATABASE_URL where there is no Postgres for the machine', async () => {
    const arch = Object.getOwnPropertyDescriptor(process, 'arch')
    Object.defineProperty(process, 'arch', { value: 'mips', configurable: true })
    try {
      await expect(ensurePostgres({ dataDir })).rejects.toThrow(/no embedded Postgres for .* mips: set DATABASE_URL/)
    } finally {
      if (arch) Object.defineProperty(process, 'arch', arch)
    }
  })
})

async function postmasterPid(dataDir: string): Promise<number> {
  const file = await readFile(path.join(dataDir, 'cluster/postmaster.pid'), 'utf8')
  return Number(file.split('\n')[0])
}

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}
