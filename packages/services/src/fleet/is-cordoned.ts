import type { NodeRow } from './load-fleet'

/** Kept from new work at this moment: a cordon with an end lifts itself when its time is over. */
export function isCordoned(node: Pick<NodeRow, 'cordonedAt' | 'cordonExpiresAt'>, nowMs: number): boolean {
  return node.cordonedAt !== null && (node.cordonExpiresAt === null || node.cordonExpiresAt.getTime() > nowMs)
}
