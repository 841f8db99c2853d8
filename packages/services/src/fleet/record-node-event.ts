import type { Prisma } from '@clawbernetes/db/rows'
import type { Tx } from '../context'
import { type NewEvent, recordEvents } from '../log/record-events'

export type NodeEventKind =
  | 'node.upserted'
  | 'node.state'
  | 'node.removed'
  | 'gpu.state'
  | 'finding.opened'
  | 'finding.cleared'

interface NodeEvent {
  kind: NodeEventKind
  entityId: string
  entityVersion: number
  data?: Prisma.InputJsonObject
}

/** For those who watch the fleet and those who watch this node. */
export const nodeEvents = (node: { id: string; orgId: string }, event: NodeEvent): NewEvent[] => [
  { ...event, orgId: node.orgId, room: `fleet:${node.orgId}` },
  { ...event, orgId: node.orgId, room: `node:${node.id}` },
]

export async function recordNodeEvent(tx: Tx, node: { id: string; orgId: string }, event: NodeEvent): Promise<void> {
  await recordEvents(tx, nodeEvents(node, event))
}
