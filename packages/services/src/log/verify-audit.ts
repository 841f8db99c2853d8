import { type Ctx, requirePermission } from '../context'
import { auditHash } from './append-audit'

const BATCH = 1000

/** Walks the organisation's chain from the first entry. `brokenAt` is the first entry that does not fit; null: all do. */
export async function verifyAudit({ ctx }: { ctx: Ctx }): Promise<{ entries: number; brokenAt: number | null }> {
  requirePermission(ctx, 'read')
  let prevHash = '0'.repeat(64)
  let seq = 0
  for (;;) {
    const rows = await ctx.db.auditEntry.findMany({
      where: { orgId: ctx.actor.orgId, seq: { gt: seq } },
      orderBy: { seq: 'asc' },
      take: BATCH,
    })
    for (const { id: _, hash, ...entry } of rows) {
      if (entry.seq !== seq + 1 || entry.prevHash !== prevHash || auditHash(entry) !== hash)
        return { entries: seq, brokenAt: entry.seq }
      prevHash = hash
      seq = entry.seq
    }
    if (rows.length < BATCH) return { entries: seq, brokenAt: null }
  }
}
