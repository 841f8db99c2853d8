import { type Ctx, type DbOrTx, requirePermission } from '../context'
import { type ChainBreak, ChainWalk } from './audit-chain'

const BATCH = 1000

export interface ChainReport {
  /** Entries that fit, before the first that does not. */
  entries: number
  brokenAt: number | null
  why: string | null
  /** To be noted elsewhere: a chain whose end was cut off still fits, but no longer ends in this hash. */
  headSeq: number
  headHash: string
}

/** Walks the organisation's chain from the first entry. `brokenAt` is the first entry that does not fit; null: all do. */
export async function verifyAudit({ ctx }: { ctx: Ctx }): Promise<ChainReport> {
  requirePermission(ctx, 'read')
  return verifyChain(ctx.db, ctx.actor.orgId)
}

/**
 * The same for the machinery (`npm run audit`): no person is asking.
 * @param expectedHead a hash that was noted before: a chain that does not hold it any more was cut off or rewritten
 */
export async function verifyChain(db: DbOrTx, orgId: string, expectedHead: string | null = null): Promise<ChainReport> {
  const walk = new ChainWalk(true)
  let held = expectedHead === null
  for (let after = 0; ; ) {
    const rows = await db.auditEntry.findMany({
      where: { orgId, seq: { gt: after } },
      orderBy: { seq: 'asc' },
      take: BATCH,
    })
    for (const row of rows) {
      if (!walk.take(row)) return chainReport(walk)
      after = row.seq
      held ||= row.hash === expectedHead
    }
    if (rows.length < BATCH) return held ? chainReport(walk) : { ...chainReport(walk), ...headLost(walk.headSeq) }
  }
}

export const headLost = (headSeq: number): Pick<ChainReport, 'brokenAt' | 'why'> => ({
  brokenAt: headSeq + 1,
  why: 'no entry has the expected head hash, so the end was cut off or rewritten',
})

export function chainReport(walk: ChainWalk): ChainReport {
  const broken: ChainBreak | null = walk.broken
  return {
    entries: walk.entries,
    brokenAt: broken?.seq ?? null,
    why: broken?.why ?? null,
    headSeq: walk.headSeq,
    headHash: walk.headHash,
  }
}
