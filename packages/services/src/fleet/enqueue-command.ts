import type { Prisma } from '@clawbernetes/db/rows'
import { type CommandBody, commandBody } from '@clawbernetes/protocol/node/commands'
import { newId, type SystemCtx, type Tx } from '../context'
import { notFound } from '../errors'
import { ring } from '../log/ring'
import { parseInput } from '../parse-input'

/**
 * Writes a command for a node, fenced with its epoch, in the caller's transaction; the gateway that holds the node sends
 * it after the commit. With an `id` of the caller's (a step's) a repeat finds the first one.
 */
export async function enqueueCommand(
  tx: Tx,
  sys: SystemCtx,
  input: { orgId: string; nodeId: string; body: CommandBody; expiresInMs: number; id?: string; stepId?: string },
): Promise<string> {
  const body = parseInput(commandBody, input.body)
  const now = sys.now()
  const id = input.id ?? newId('command', now)
  if (await tx.nodeCommand.findFirst({ where: { id, orgId: input.orgId }, select: { id: true } })) return id
  const node = await tx.node.findFirst({
    where: { id: input.nodeId, orgId: input.orgId, removedAt: null },
    select: { epoch: true },
  })
  if (!node) throw notFound('node')
  await tx.nodeCommand.create({
    data: {
      id,
      orgId: input.orgId,
      nodeId: input.nodeId,
      epoch: node.epoch,
      body: body as Prisma.InputJsonObject,
      stepId: input.stepId ?? null,
      createdAt: now,
      expiresAt: new Date(now.getTime() + input.expiresInMs),
    },
  })
  await ring(tx, { topic: 'command', nodeId: input.nodeId })
  return id
}
