import type { Tx } from '../context'
import { ring } from '../log/ring'

/** Raises the version of a node's list and rings at commit, in the transaction that changed a replica of it. */
export async function bumpAssignments(tx: Tx, nodeId: string): Promise<void> {
  await tx.node.update({ where: { id: nodeId }, data: { assignmentVersion: { increment: 1 } }, select: { id: true } })
  await ring(tx, { topic: 'assignments', nodeId })
}
