import { Prisma } from '@clawbernetes/db/rows'
import type { CommandResult } from '@clawbernetes/protocol/node/commands'
import { inert } from '@clawbernetes/protocol/text'
import type { SystemCtx } from '../context'
import { wakeStep } from '../plans/wake-steps'

/**
 * Stores what became of a command; the first result stays, a repeat changes nothing. A result for a command of another
 * node is not stored. An expired command takes its late result: the journal knows better than the clock.
 */
export async function applyCommandResult({
  sys,
  nodeId,
  result,
}: {
  sys: SystemCtx
  nodeId: string
  result: CommandResult
}): Promise<boolean> {
  const { count } = await sys.db.nodeCommand.updateMany({
    where: { id: result.id, nodeId, state: { in: ['queued', 'sent', 'expired'] } },
    data: {
      state: result.outcome,
      message: result.message === null ? null : inert(result.message, 600),
      data: result.data === null ? Prisma.DbNull : (result.data as Prisma.InputJsonObject),
      finishedAt: sys.now(),
    },
  })
  if (count === 1) {
    const asked = await sys.db.nodeCommand.findUnique({ where: { id: result.id }, select: { stepId: true } })
    if (asked?.stepId) await wakeStep(sys.db, asked.stepId)
    return true
  }
  return (await sys.db.nodeCommand.count({ where: { id: result.id, nodeId } })) === 1
}
