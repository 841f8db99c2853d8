import { createDb } from '@clawbernetes/db/client'
import type { SystemCtx } from './context'

/** What the job queue is given. */
export type Pool = ReturnType<typeof createDb>['pool']

/** A database client of its own for a process of the machinery (gateway, worker, sweeps); `close()` ends its connections. */
export function openSystem(databaseUrl: string, poolMax = 10): { sys: SystemCtx; pool: Pool; close(): Promise<void> } {
  const { db, pool, close } = createDb(databaseUrl, poolMax)
  return { sys: { db, now: () => new Date() }, pool, close }
}
