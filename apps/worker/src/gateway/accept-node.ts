import { randomBytes } from 'node:crypto'
import { connectAuth, nodeMessages, PROVE_TIMEOUT_MS, type Refusal } from '@clawbernetes/protocol/node/session'
import { incompatibility } from '@clawbernetes/protocol/version'
import { ServiceError } from '@clawbernetes/services/errors'
import { authenticateNode } from '@clawbernetes/services/fleet/authenticate-node'
import { claimConnection, releaseConnection } from '@clawbernetes/services/fleet/claim-connection'
import { markIncompatible } from '@clawbernetes/services/fleet/node-hello'
import type { GatewayContext } from './gateway-context'
import type { NodeConnection, NodeSocket } from './node-connections'
import { takeMessages } from './node-messages'
import { dismiss } from './push-desired-state'
import { malformed, refusalOf } from './refusals'

/**
 * The first seconds of a connection:
 *
 *   connected ──challenge sent──▶ proving ──signature fits──▶ proven ──hello──▶ greeted (lists and commands flow)
 *       │                            │ wrong, malformed, second try, or PROVE_TIMEOUT_MS
 *       └──── malformed auth ────────┴──▶ refused and closed
 *
 * A node that speaks a protocol we do not is told so after its proof, so that nobody else can have it marked.
 */
export function acceptNode(ctx: GatewayContext, socket: NodeSocket, proveTimeoutMs = PROVE_TIMEOUT_MS): void {
  const auth = connectAuth.safeParse(socket.handshake.auth)
  if (!auth.success) return refuse(ctx, socket, malformed('auth'))
  const { nodeId, protocol } = auth.data
  const nonce = randomBytes(32).toString('base64url')
  const why = incompatibility(protocol)
  const late: Refusal = why
    ? { code: 'incompatible', message: why, fatal: true }
    : { code: 'prove-timeout', message: 'The node did not prove its key in time.', fatal: false }
  const timer = setTimeout(() => refuse(ctx, socket, late), proveTimeoutMs)
  socket.on('disconnect', () => clearTimeout(timer))
  // Once: a signature is good for one try on one connection.
  socket.once('prove', (raw: unknown, ack: unknown) => {
    const answer = typeof ack === 'function' ? (ack as (a: unknown) => void) : () => {}
    const fail = (refusal: Refusal) => {
      answer({ ok: false, error: refusal })
      refuse(ctx, socket, refusal)
    }
    const proof = nodeMessages.prove.safeParse(raw)
    clearTimeout(timer)
    if (!proof.success) return fail(malformed('prove'))
    prove(ctx, socket, { nodeId, nonce, signature: proof.data.signature, why }).then(
      () => answer({ ok: true, data: null }),
      (error: unknown) => {
        const refusal = refusalOf(error)
        if (refusal) return fail(refusal)
        ctx.log.warn({ nodeId, error: String(error) }, 'a proof could not be checked; the node will try again')
        socket.disconnect(true)
      },
    )
  })
  socket.emit('challenge', { nonce })
}

function refuse(ctx: GatewayContext, socket: NodeSocket, refusal: Refusal): void {
  ctx.metrics.add('connections_refused')
  socket.emit('refused', refusal)
  socket.disconnect(true)
}

async function prove(
  ctx: GatewayContext,
  socket: NodeSocket,
  { nodeId, nonce, signature, why }: { nodeId: string; nonce: string; signature: string; why: string | null },
) {
  const node = await authenticateNode({ sys: ctx.sys, nodeId, nonce, signature })
  if (why) {
    await markIncompatible({ sys: ctx.sys, nodeId, reason: why })
    throw new ServiceError('conflict', why, { reason: 'incompatible' })
  }
  const connection: NodeConnection = {
    id: socket.id,
    nodeId,
    orgId: node.orgId,
    nodeNum: node.num,
    socket,
    session: null,
    lastHeardMs: Date.now(),
    confirmed: null,
    confirmedCommands: new Set(),
    pushing: null,
    pushAgain: false,
  }
  await claimConnection({ sys: ctx.sys, nodeId, connectionId: connection.id, gatewayId: ctx.gatewayId })
  if (!socket.connected) return
  const before = ctx.connections.add(connection)
  if (before) dismiss(ctx, before, 'replaced', 'A newer connection of this node took over.', false)
  ctx.metrics.add('connections')
  socket.conn.on('packet', () => {
    connection.lastHeardMs = Date.now()
  })
  socket.on('disconnect', () => {
    ctx.connections.remove(connection)
    releaseConnection({ sys: ctx.sys, nodeId, connectionId: connection.id }).catch(() => {
      // The row names a connection that is gone; the next one replaces it.
    })
  })
  takeMessages(ctx, connection)
}
