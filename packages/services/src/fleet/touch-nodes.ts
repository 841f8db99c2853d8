import type { SystemCtx } from '../context'
import { setNodeStatus } from './set-node-status'

/**
 * Renews the leases of the nodes that a gateway has heard: one statement for all, no event, no audit. A node that was
 * taken for offline meanwhile (the gateway itself was stuck) is online again.
 */
export async function touchNodes({
  sys,
  heard,
}: {
  sys: SystemCtx
  heard: { nodeId: string; at: Date }[]
}): Promise<void> {
  if (heard.length === 0) return
  // A row that another transaction holds is left for the next time: a heartbeat never waits for anybody, and so never
  // becomes part of a circle of waiting with those that lock several nodes.
  const rows = await sys.db.$queryRaw<{ id: string }[]>`
    with touched as (
      update node n set last_seen_at = h.at
      from (
        select n.id, h.at from node n
        join unnest(${heard.map((h) => h.nodeId)}::text[], ${heard.map((h) => h.at)}::timestamptz[]) as h(id, at) on h.id = n.id
        where n.removed_at is null and (n.last_seen_at is null or n.last_seen_at < h.at)
        for no key update of n skip locked) h
      where n.id = h.id returning n.id, n.status)
    select id from touched where status = 'offline'`
  for (const { id } of rows) await setNodeStatus({ sys, nodeId: id, from: ['offline'], to: 'online', reason: null })
}
