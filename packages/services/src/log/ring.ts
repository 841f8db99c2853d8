import { type Bell, CHANNEL } from '@clawbernetes/db/listen'
import type { DbOrTx } from '../context'

/** Rings a bell for other processes; inside a transaction it sounds at commit. Payloads must stay below 8,000 bytes. */
export async function ring(db: DbOrTx, bell: Bell): Promise<void> {
  await db.$executeRaw`select pg_notify(${CHANNEL}, ${JSON.stringify(bell)})`
}
