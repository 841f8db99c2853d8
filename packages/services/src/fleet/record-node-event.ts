import type { Prisma } from '@clawbernetes/db/rows'
import type { Tx } from '../context'
import { recordEvents } from '../log/record-events'

export type NodeEventKind =
  | 'node.upserted'
  | 'node.state'
  | 'node.removed'
  | 'gpu.state'
  | 'finding.opened'
  | 'finding.cleared'

/** Tells those who watch the fleet and those who watch this node. */
export async function recordNodeEvent(
  tx: Tx,
  node: { id: string; orgId: string },
  event: { kind: NodeEventKind; entityId: string; entityVersion: number; data?: Prisma.InputJsonObject },
): Promise<void> {
  await recordEvents(tx, [
    { ...event, orgId: node.orgId, room: `fleet:${node.orgId}` },
    { ...event, orgId: node.orgId, room: `node:${node.id}` },
  ])
}
