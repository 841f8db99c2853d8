import type { CommandBody } from '@clawbernetes/protocol/node/commands'
import type { SystemCtx } from '../context'
import { enqueueCommand } from './enqueue-command'

export type CommandOutcome =
  | { state: 'waiting' }
  | { state: 'succeeded'; data: unknown }
  | { state: 'failed'; message: string }

/** Asks a node once for a step and says what became of it; every repeat with the same id finds the same command. */
export async function commandOnce(
  sys: SystemCtx,
  input: { orgId: string; nodeId: string; stepId: string; id: string; body: CommandBody; expiresInMs: number },
): Promise<CommandOutcome> {
  await sys.db.$transaction((tx) => enqueueCommand(tx, sys, input))
  const row = await sys.db.nodeCommand.findUniqueOrThrow({ where: { id: input.id } })
  switch (row.state) {
    case 'queued':
    case 'sent':
      return { state: 'waiting' }
    case 'succeeded':
      return { state: 'succeeded', data: row.data }
    default:
      return { state: 'failed', message: row.message ?? `The node answered ${row.state}.` }
  }
}
