import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  AGENTS_PATH,
  type GatewayToNode,
  MAX_MESSAGE_BYTES,
  type NodeToGateway,
} from '@clawbernetes/protocol/node/session'
import { touchNodes } from '@clawbernetes/services/fleet/touch-nodes'
import { type Bell, subscribe } from '@clawbernetes/services/log/subscribe'
import { openSystem } from '@clawbernetes/services/system-context'
import { openTelemetryStore } from '@clawbernetes/services/telemetry/telemetry-store'
import { Server } from 'socket.io'
import { doorRoutes } from '../doors/door-routes'
import { acceptNode } from './accept-node'
import type { GatewayContext, GatewayLog } from './gateway-context'
import { GatewayMetrics } from './gateway-metrics'
import { httpRoutes } from './http-routes'
import { logBell } from './log-bell'
import { NodeConnections } from './node-connections'
import { pushDesiredState, reconcileAll } from './push-desired-state'
import { StatusFlusher } from './status-flusher'
import { TelemetryFlusher } from './telemetry-flusher'

export interface GatewayOptions {
  port: number
  host: string
  databaseUrl: string
  log: GatewayLog
  /** Shorter in tests. */
  timing?: Partial<GatewayTiming>
}

export interface GatewayTiming {
  touchEveryMs: number
  reconcileEveryMs: number
  proveTimeoutMs: number
  pingIntervalMs: number
}

const TIMING: GatewayTiming = {
  touchEveryMs: 5_000,
  reconcileEveryMs: 10_000,
  proveTimeoutMs: 10_000,
  pingIntervalMs: 12_000,
}

export interface Gateway {
  port: number
  stop(): Promise<void>
}

/**
 * Starts one gateway process for node agents. Several may run on one database: a node's newest proven connection counts,
 * wherever it is. Bells make changes travel at once; a look at the database every few seconds makes them sure.
 */
export async function startGateway({ port, host, databaseUrl, log, timing: given }: GatewayOptions): Promise<Gateway> {
  const timing = { ...TIMING, ...given }
  const { sys, close } = openSystem(databaseUrl, 8)
  const store = openTelemetryStore(databaseUrl, sys.now)
  const metrics = new GatewayMetrics()
  const bell = logBell(sys)
  const ctx: GatewayContext = {
    sys,
    gatewayId: randomUUID(),
    log,
    metrics,
    connections: new NodeConnections(),
    telemetry: new TelemetryFlusher(store, metrics),
    statuses: new StatusFlusher(sys),
    ringLogs: bell.ring,
  }
  const doors = doorRoutes({ sys, databaseUrl, log })
  const http = createServer({ requestTimeout: 30_000, headersTimeout: 10_000 }, httpRoutes(ctx, doors))
  const io = new Server<NodeToGateway, GatewayToNode>(http, {
    path: AGENTS_PATH,
    transports: ['websocket'],
    maxHttpBufferSize: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
    serveClient: false,
    pingInterval: timing.pingIntervalMs,
    pingTimeout: timing.pingIntervalMs,
    connectTimeout: timing.proveTimeoutMs,
  })
  io.on('connection', (socket) => acceptNode(ctx, socket, timing.proveTimeoutMs))
  const reconcile = () => reconcileAll(ctx).catch(soft(log, 'the look at all nodes failed'))
  const bells = subscribe(
    databaseUrl,
    (rung) => hear(ctx, rung),
    () => void reconcile(),
  )
  const timers = [
    setInterval(() => void reconcile(), timing.reconcileEveryMs),
    setInterval(
      () => void touch(ctx, timing.touchEveryMs).catch(soft(log, 'leases could not be renewed')),
      timing.touchEveryMs,
    ),
  ]
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject)
    http.listen(port, host, resolve)
  })
  return {
    port: (http.address() as AddressInfo).port,
    stop: async () => {
      for (const timer of timers) clearInterval(timer)
      await bells.stop()
      // Batches that arrived are stored and answered before their connections close.
      await ctx.telemetry.stop()
      bell.stop()
      // Answers that wait for a person would hold the server open.
      for (const door of doors) await door.close?.()
      http.closeAllConnections()
      await io.close()
      await store.close()
      await close()
    },
  }
}

function hear(ctx: GatewayContext, bell: Bell): void {
  if (bell.topic !== 'assignments' && bell.topic !== 'command') return
  const connection = ctx.connections.get(bell.nodeId)
  if (connection) void pushDesiredState(ctx, connection)
}

/** Renews the leases of nodes that were heard since the last time; a pong counts. */
async function touch(ctx: GatewayContext, everyMs: number): Promise<void> {
  const since = Date.now() - everyMs * 2
  const heard = ctx.connections.all().filter((connection) => connection.session && connection.lastHeardMs >= since)
  await touchNodes({
    sys: ctx.sys,
    heard: heard.map((connection) => ({ nodeId: connection.nodeId, at: new Date(connection.lastHeardMs) })),
  })
}

const soft = (log: GatewayLog, what: string) => (error: unknown) =>
  log.warn({ error: String(error) }, `${what}; the next one tries again`)
