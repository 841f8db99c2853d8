import type { SystemCtx } from '../context'

/** A node may still be at work on a command at its expiry: what it says within this time counts. */
const GRACE_MS = 30_000

/** Commands that no node answered in time are over: whoever waits for one stops waiting. */
export async function expireCommands({ sys }: { sys: SystemCtx }): Promise<number> {
  const now = sys.now()
  const { count } = await sys.db.nodeCommand.updateMany({
    where: { state: { in: ['queued', 'sent'] }, expiresAt: { lt: new Date(now.getTime() - GRACE_MS) } },
    data: { state: 'expired', message: 'The node did not answer in time.', finishedAt: now },
  })
  return count
}
