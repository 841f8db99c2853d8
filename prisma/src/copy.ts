import { pipeline } from 'node:stream/promises'
import { Readable } from 'node:stream'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'

/** A session for bulk rows that may be lost in a crash of the database: their commits do not wait for the disk. */
export interface BulkSession {
  /** Runs `work` in one transaction on the session; rolls back when it throws. One at a time. */
  transaction<T>(work: (bulk: BulkTx) => Promise<T>): Promise<T>
  close(): Promise<void>
}

export interface BulkTx {
  query<R extends pg.QueryResultRow>(sql: string, values: unknown[]): Promise<R[]>
  /** `rows` in COPY text format: tab between columns, newline after each row, \N for null. */
  copy(target: string, rows: string): Promise<void>
}

const TIMEOUT_MS = 15_000

/**
 * Opens lazily and again after the connection was lost; the transaction in flight then fails where it is awaited.
 * `synchronous_commit` is off for this session alone: everything else stays durable.
 */
export function bulkSession(url: string): BulkSession {
  const pool = new pg.Pool({
    connectionString: url,
    max: 1,
    idleTimeoutMillis: 60_000,
    // A database that hangs shall fail what waits for it: whoever sent it keeps it and sends it again.
    connectionTimeoutMillis: TIMEOUT_MS,
    query_timeout: TIMEOUT_MS,
    statement_timeout: TIMEOUT_MS,
    options: '-c synchronous_commit=off -c timezone=UTC',
    application_name: 'clawbernetes-telemetry',
  })
  pool.on('error', () => {})
  return {
    transaction: async (work) => {
      const client = await pool.connect()
      let broken: Error | undefined
      try {
        await client.query('BEGIN')
        const result = await work(bulkTx(client))
        await client.query('COMMIT')
        return result
      } catch (error) {
        broken = await client.query('ROLLBACK').then(
          () => undefined,
          (lost: Error) => lost,
        )
        throw error
      } finally {
        client.release(broken)
      }
    },
    close: () => pool.end(),
  }
}

function bulkTx(client: pg.PoolClient): BulkTx {
  return {
    query: async <R extends pg.QueryResultRow>(sql: string, values: unknown[]) =>
      (await client.query<R>(sql, values)).rows,
    copy: async (target, rows) => {
      const stream = client.query(copyFrom(`COPY ${target} FROM STDIN`))
      await pipeline(Readable.from([Buffer.from(rows)]), stream)
    },
  }
}
