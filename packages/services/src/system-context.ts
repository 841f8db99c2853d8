import { createDb } from '@clawbernetes/db/client'
import type { SystemCtx } from './context'

/** A database client of its own for a process of the machinery (gateway, sweeps); `close()` ends its connections. */
export function openSystem(databaseUrl: string, poolMax = 10): { sys: SystemCtx; close(): Promise<void> } {
  const { db, close } = createDb(databaseUrl, poolMax)
  return { sys: { db, now: () => new Date() }, close }
}
