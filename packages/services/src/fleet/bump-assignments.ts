import type { Tx } from '../context'
import { CHANNEL } from '@clawbernetes/db/listen'
import { ring } from '../log/ring'

/** Raises the version of a node's list and rings at commit, in the transaction that changed a replica of it. */
export async function bumpAssignments(tx: Tx, nodeId: string): Promise<void> {
  await tx.node.update({ where: { id: nodeId }, data: { assignmentVersion: { increment: 1 } }, select: { id: true } })
  await ring(tx, { topic: 'assignments', nodeId })
}

/**
 * As `bumpAssignments`, for many nodes in one order; `changed` ones among them also get a new version of their own.
 * Returns the versions of all.
 */
export async function bumpNodes(
  tx: Tx,
  nodeIds: readonly string[],
  changed: readonly string[],
): Promise<Map<string, number>> {
  const rows = await tx.$queryRaw<{ id: string; version: number }[]>`
    with held as (select id from node where id = any(${[...nodeIds]}) order by id for update), raised as (
      update node n set assignment_version = n.assignment_version + 1, version = n.version + (n.id = any(${[...changed]}))::int, updated_at = now()
      from held where n.id = held.id returning n.id, n.version
    ), rung as (select count(pg_notify(${CHANNEL}, json_build_object('topic', 'assignments', 'nodeId', id)::text)) from raised)
    select id, version from raised, rung`
  return new Map(rows.map((row) => [row.id, row.version]))
}
