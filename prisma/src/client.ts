import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { type Prisma, PrismaClient } from './generated/prisma/client'

export type Db = PrismaClient
/** Inside `db.$transaction(async (tx) => …)`. */
export type Tx = Prisma.TransactionClient
/** A verb's query part works on both. */
export type DbOrTx = Db | Tx

/** A client of its own pool; `close()` it. `poolMax` connections, each idle one given back after 30 s. */
export function createDb(url: string, poolMax = 10): { db: Db; pool: pg.Pool; close(): Promise<void> } {
  const pool = new pg.Pool({ connectionString: url, max: poolMax, idleTimeoutMillis: 30_000 })
  // A server restart ends idle connections; the pool makes new ones, and queries in flight fail where they are awaited.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  const db = new PrismaClient({ adapter: new PrismaPg(pool, { disposeExternalPool: false }) })
  return {
    db,
    pool,
    close: async () => {
      await db.$disconnect()
      await pool.end()
    },
  }
}

let shared: { url: string; db: Db; pool: pg.Pool } | undefined

/** The process's own client, from DATABASE_URL; made at first use. */
export function sharedDb(): { db: Db; pool: pg.Pool } {
  const url = process.env.DATABASE_URL
  if (!url) throw new Error('DATABASE_URL is not set. Start with `npm start`, or set it to a PostgreSQL address.')
  if (shared?.url !== url) shared = { url, ...createDb(url, Number(process.env.DATABASE_POOL ?? 10)) }
  return shared
}
