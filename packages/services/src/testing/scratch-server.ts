import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { createDb } from '@clawbernetes/db/client'
import { ensurePostgres } from '@clawbernetes/db/embedded'
import { migrateDeploy } from '@clawbernetes/db/migrate'
import type { Db } from '../context'

/** A Postgres of a test's own, which may be killed and started again. */
export interface ScratchServer {
  url: string
  db: Db
  pid(): Promise<number>
  start(): Promise<void>
  close(): Promise<void>
}

/** @param dataDir empty; readable by the user that Postgres runs as */
export async function scratchServer(dataDir: string): Promise<ScratchServer> {
  const server = await ensurePostgres({ dataDir })
  const url = server.url.replace(/\/postgres$/, '/scratch')
  await migrateDeploy(url)
  const { db, close } = createDb(url, 4)
  return {
    url,
    db,
    pid: async () => Number((await readFile(path.join(dataDir, 'cluster', 'postmaster.pid'), 'utf8')).split('\n')[0]),
    start: async () => void (await ensurePostgres({ dataDir })),
    close: async () => {
      await close()
      await (await ensurePostgres({ dataDir })).stop()
    },
  }
}
