import { CHANNEL } from '@clawbernetes/db/listen'
import type { Tx } from '../context'

/**
 * Raises the version of these nodes' lists and rings at commit, in the transaction that changed replicas of them; always in one
 * order, so that two of these never wait for each other. `changed` ones among them also get a new version of their own.
 * @returns the versions of all
 */
export async function bumpNodes(
  tx: Tx,
  nodeIds: readonly string[],
  changed: readonly string[] = [],
): Promise<Map<string, number>> {
  if (nodeIds.length === 0) return new Map()
  const rows = await tx.$queryRaw<{ id: string; version: number }[]>`
    with held as (select id from node where id = any(${[...nodeIds]}) order by id for update), raised as (
      update node n set assignment_version = n.assignment_version + 1, version = n.version + (n.id = any(${[...changed]}))::int, updated_at = now()
      from held where n.id = held.id returning n.id, n.version
    ), rung as (select count(pg_notify(${CHANNEL}, json_build_object('topic', 'assignments', 'nodeId', id)::text)) from raised)
    select id, version from raised, rung`
  return new Map(rows.map((row) => [row.id, row.version]))
}
