import type { SystemCtx } from '../context'
import { setNodeStatus } from './set-node-status'

/** How long a node may be silent before it counts as offline. Its containers may still run: offline is not failed. */
export const NODE_LEASE_MS = 20_000

/** Marks nodes whose lease ran out. Safe to run in many processes at once: each change is one compare-and-set. */
export async function markSilentNodes({
  sys,
  leaseMs = NODE_LEASE_MS,
}: {
  sys: SystemCtx
  leaseMs?: number
}): Promise<string[]> {
  const silentBefore = new Date(sys.now().getTime() - leaseMs)
  const silent = await sys.db.node.findMany({
    where: { status: 'online', removedAt: null, OR: [{ lastSeenAt: null }, { lastSeenAt: { lt: silentBefore } }] },
    select: { id: true, lastSeenAt: true },
    take: 5000,
  })
  const marked: string[] = []
  for (const node of silent) {
    const reason = `No sign of life${node.lastSeenAt ? ` since ${node.lastSeenAt.toISOString()}` : ''}.`
    if (await setNodeStatus({ sys, nodeId: node.id, from: ['online'], to: 'offline', reason, silentBefore }))
      marked.push(node.id)
  }
  return marked
}
