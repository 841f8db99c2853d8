import { nodeAssignments } from '@clawbernetes/services/fleet/node-assignments'
import { connectedNodes, nodesBehind } from '@clawbernetes/services/fleet/connected-nodes'
import { markCommandSent, pendingCommands } from '@clawbernetes/services/fleet/pending-commands'
import type { GatewayContext } from './gateway-context'
import type { NodeConnection } from './node-connections'

const ACK_TIMEOUT_MS = 10_000

/**
 * Brings one node's list and commands up to date, if they are not. Bells may come in crowds: while one push is under way
 * the others become one more look after it.
 */
export function pushDesiredState(ctx: GatewayContext, connection: NodeConnection): Promise<void> {
  if (connection.pushing) {
    connection.pushAgain = true
    return connection.pushing
  }
  const run = async () => {
    do {
      connection.pushAgain = false
      await pushOnce(ctx, connection)
    } while (connection.pushAgain && ctx.connections.isCurrent(connection))
  }
  connection.pushing = run()
    .catch((error: unknown) =>
      ctx.log.warn(
        { nodeId: connection.nodeId, error: String(error) },
        'assignments could not be pushed; the next look tries again',
      ),
    )
    .finally(() => {
      connection.pushing = null
    })
  return connection.pushing
}

async function pushOnce(ctx: GatewayContext, connection: NodeConnection): Promise<void> {
  const { nodeId } = connection
  const [state] = await connectedNodes({ sys: ctx.sys, nodeIds: [nodeId] })
  if (!state || state.removed)
    return dismiss(ctx, connection, 'not-found', 'This node was removed from its organisation.', true)
  if (state.connectionId !== null && state.connectionId !== connection.id)
    return dismiss(ctx, connection, 'replaced', 'A newer connection of this node took over.', false)
  if (!connection.session) return
  if (connection.confirmed !== `${state.epoch}:${state.assignmentVersion}`) await pushAssignments(ctx, connection)
  if (state.hasCommands) await pushCommands(ctx, connection)
}

async function pushAssignments(ctx: GatewayContext, connection: NodeConnection): Promise<void> {
  const list = await nodeAssignments({ db: ctx.sys.db, nodeId: connection.nodeId })
  const answer = await connection.socket.timeout(ACK_TIMEOUT_MS).emitWithAck('assignments', list)
  if (answer?.ok) connection.confirmed = `${list.epoch}:${list.version}`
  else
    ctx.log.warn(
      { nodeId: connection.nodeId, error: answer?.error?.message ?? 'no answer' },
      'the node did not take its assignments',
    )
}

async function pushCommands(ctx: GatewayContext, connection: NodeConnection): Promise<void> {
  for (const command of await pendingCommands({ sys: ctx.sys, nodeId: connection.nodeId })) {
    if (connection.confirmedCommands.has(command.id)) continue
    const answer = await connection.socket.timeout(ACK_TIMEOUT_MS).emitWithAck('command', command)
    if (!answer?.ok) continue
    connection.confirmedCommands.add(command.id)
    await markCommandSent({ sys: ctx.sys, commandId: command.id })
  }
}

/** Tells a node why, and closes its connection. */
export function dismiss(
  ctx: GatewayContext,
  connection: NodeConnection,
  code: string,
  message: string,
  fatal: boolean,
): void {
  ctx.connections.remove(connection)
  connection.socket.emit('refused', { code, message, fatal })
  connection.socket.disconnect(true)
}

/** Looks after all connections at once: whose state in the database differs from what its node has confirmed. */
export async function reconcileAll(ctx: GatewayContext): Promise<void> {
  const held = ctx.connections.all().map(({ nodeId, id, confirmed }) => ({ nodeId, connectionId: id, confirmed }))
  if (held.length === 0) return
  const behind = await nodesBehind({ sys: ctx.sys, held })
  await Promise.all(
    behind
      .flatMap((nodeId) => ctx.connections.get(nodeId) ?? [])
      .map((connection) => pushDesiredState(ctx, connection)),
  )
}
