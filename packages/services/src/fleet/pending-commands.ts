import type { Command, CommandBody } from '@clawbernetes/protocol/node/commands'
import type { SystemCtx } from '../context'

/** Commands that a node has not answered and that are still worth doing: sent again until it does, done once there. */
export async function pendingCommands({ sys, nodeId }: { sys: SystemCtx; nodeId: string }): Promise<Command[]> {
  const rows = await sys.db.nodeCommand.findMany({
    where: { nodeId, state: { in: ['queued', 'sent'] }, expiresAt: { gt: sys.now() } },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    take: 256,
  })
  return rows.map((row) => ({
    id: row.id,
    epoch: row.epoch,
    expiresAtMs: row.expiresAt.getTime(),
    body: row.body as unknown as CommandBody,
  }))
}

/** The node has the command in its journal; its result comes later. */
export async function markCommandSent({ sys, commandId }: { sys: SystemCtx; commandId: string }): Promise<void> {
  await sys.db.nodeCommand.updateMany({
    where: { id: commandId, state: 'queued' },
    data: { state: 'sent', sentAt: sys.now() },
  })
}
