import type { Tx } from '../context'

/** Holds the node's row until the transaction ends: changes of a node and of its list happen one after the other. */
export async function lockNode(tx: Tx, nodeId: string) {
  await tx.$queryRaw`select 1 from "node" where id = ${nodeId} for update`
  return tx.node.findUnique({ where: { id: nodeId } })
}
