import type { IncomingMessage, ServerResponse } from 'node:http'
import { ENROL_PATH, type Refusal } from '@clawbernetes/protocol/node/session'
import { HTTP_STATUS, ServiceError } from '@clawbernetes/services/errors'
import { enrolNode } from '@clawbernetes/services/fleet/enrol-node'
import type { DoorRoute } from '../doors/door'
import { enterDoor } from '../doors/door-routes'
import { readRawBody } from '../doors/raw-body'
import type { GatewayContext } from './gateway-context'
import { RATE_LIMITED, refusalOf, UNAVAILABLE } from './refusals'
import { KeyedLimit } from './token-bucket'

/** An inventory with 32 GPUs and 500 data paths fits with room to spare. */
const MAX_ENROL_BYTES = 1024 * 1024

/** What the gateway answers besides node connections: joining, health, its counters, and the doors of other programs. */
export function httpRoutes(
  ctx: GatewayContext,
  doors: readonly DoorRoute[] = [],
): (request: IncomingMessage, response: ServerResponse) => void {
  // A rack that joins at once comes from one address: room for it, none for guessing.
  const enrolments = new KeyedLimit(2, 300)
  return (request, response) => {
    const path = (request.url ?? '').split('?')[0]
    if (path === '/healthz' || path === '/health') return void health(ctx, response)
    if (path === '/metrics')
      return void reply(response, 200, ctx.metrics.text(ctx.connections.size), 'text/plain; version=0.0.4')
    if (path === ENROL_PATH && request.method === 'POST') {
      if (!enrolments.take(request.socket.remoteAddress ?? '', Date.now()))
        return void refuse(response, 429, RATE_LIMITED)
      return void enrol(ctx, request, response)
    }
    if (!enterDoor(doors, ctx.log, request, response)) reply(response, 404, 'Not found\n', 'text/plain')
  }
}

async function enrol(ctx: GatewayContext, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const input: unknown = parseJson((await readRawBody(request, { maxBytes: MAX_ENROL_BYTES })).toString('utf8'))
    const enrolled = await enrolNode({ sys: ctx.sys, input })
    ctx.metrics.add('enrolments')
    ctx.log.info({ nodeId: enrolled.nodeId, name: enrolled.name }, 'a node joined')
    reply(response, 200, JSON.stringify(enrolled), 'application/json')
  } catch (error) {
    ctx.metrics.add('enrolments_refused')
    const refusal = refusalOf(error)
    if (!refusal || !(error instanceof ServiceError)) {
      ctx.log.warn({ error: String(error) }, 'an enrolment failed')
      return refuse(response, 503, UNAVAILABLE)
    }
    // What is wrong with the request stays wrong when it is sent again.
    refuse(response, HTTP_STATUS[error.code], { ...refusal, fatal: HTTP_STATUS[error.code] < 500 })
  }
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    throw new ServiceError('invalid', 'The request is not JSON.')
  }
}

async function health(ctx: GatewayContext, response: ServerResponse): Promise<void> {
  try {
    await ctx.sys.db.$queryRaw`select 1`
    reply(response, 200, JSON.stringify({ ok: true, nodes: ctx.connections.size }), 'application/json')
  } catch {
    reply(response, 503, JSON.stringify({ ok: false, reason: 'The database does not answer.' }), 'application/json')
  }
}

const refuse = (response: ServerResponse, status: number, error: Refusal): void =>
  reply(response, status, JSON.stringify({ error }), 'application/json')

function reply(response: ServerResponse, status: number, body: string, type: string): void {
  const close = status === 413 ? { connection: 'close' } : {}
  response
    .writeHead(status, {
      'content-type': type,
      'content-length': Buffer.byteLength(body),
      'cache-control': 'no-store',
      ...close,
    })
    .end(body)
}
