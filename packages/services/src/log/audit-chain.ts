import { createHash } from 'node:crypto'
import { canonicalJson } from '@clawbernetes/domain/canonical-json'

export const GENESIS = '0'.repeat(64)

/** An entry as its hash covers it. */
export interface HashedEntry {
  orgId: string
  seq: number
  actorKind: string
  actorId: string | null
  onBehalfOf: string | null
  via: string
  action: string
  target: string
  data: unknown
  at: Date
  prevHash: string
}

/** What the hash of an entry covers; changing any of it, or the order, breaks the chain. */
export function auditHash(entry: HashedEntry): string {
  const { orgId, seq, actorKind, actorId, onBehalfOf, via, action, target, data, at, prevHash } = entry
  return createHash('sha256')
    .update(
      canonicalJson({
        orgId,
        seq,
        actorKind,
        actorId,
        onBehalfOf,
        via,
        action,
        target,
        data,
        at: at.toISOString(),
        prevHash,
      }),
    )
    .digest('hex')
}

export interface ChainBreak {
  /** The entry at which it breaks. */
  seq: number
  why: string
}

/**
 * Walks one organisation's entries in the order they come. `complete`: from the first entry without a gap; else (an export of a
 * part) each entry is checked by itself, and its link wherever its neighbour is there.
 */
export class ChainWalk {
  entries = 0
  headSeq = 0
  headHash = GENESIS
  broken: ChainBreak | null = null

  constructor(private readonly complete: boolean) {}

  /** Returns false once the chain is broken: nothing after that says anything. */
  take(entry: HashedEntry & { hash: string }): boolean {
    if (this.broken) return false
    const why = this.whyBroken(entry)
    if (why) {
      this.broken = { seq: entry.seq, why }
      return false
    }
    this.entries += 1
    this.headSeq = entry.seq
    this.headHash = entry.hash
    return true
  }

  private whyBroken(entry: HashedEntry & { hash: string }): string | null {
    const next = this.headSeq + 1
    if (this.entries > 0 && entry.seq <= this.headSeq)
      return `entry ${entry.seq} stands after entry ${this.headSeq}: the order was changed`
    if (this.complete && entry.seq !== next)
      return entry.seq === next + 1 ? `entry ${next} is missing` : `entries ${next} to ${entry.seq - 1} are missing`
    if (auditHash(entry) !== entry.hash) return `entry ${entry.seq} was changed: its hash does not fit what it says`
    if (entry.seq === next && entry.prevHash !== this.headHash)
      return next === 1
        ? 'the first entry does not begin the chain'
        : `entry ${entry.seq} does not follow entry ${this.headSeq}: one of them was replaced`
    return null
  }
}
