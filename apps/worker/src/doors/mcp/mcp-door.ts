import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import type { Ctx, SystemCtx } from '@clawbernetes/services/context'
import { ServiceError } from '@clawbernetes/services/errors'
import { resolveApiKey } from '@clawbernetes/services/identity/resolve-api-key'
import { bellWaiter } from '@clawbernetes/services/log/bell-waiter'
import type { DoorContext, DoorRoute } from '../door'
import { readRawBody } from '../raw-body'
import { mcpServer } from './mcp-server'

const MAX_BODY_BYTES = 1024 * 1024

/**
 * The door for other agents: Model Context Protocol over streamable HTTP, with an API key as bearer. Every request stands for
 * itself, so that a restart between two of them goes unnoticed; a call that was open asks again with wait_for_plan.
 */
export function mcpDoor({ sys, databaseUrl, log }: DoorContext): DoorRoute {
  const bells = bellWaiter(() => databaseUrl)
  const open = new Set<AbortController>()
  return {
    prefix: '/api/mcp',
    handle: async (request, response) => {
      const gone = new AbortController()
      open.add(gone)
      response.on('close', () => {
        open.delete(gone)
        gone.abort()
      })
      try {
        if (request.method !== 'POST')
          return refuse(response, 405, 'Send messages with POST; there is no stream to open.', { allow: 'POST' })
        const ctx = await agentOf(sys, request)
        const body = parseJson(await readRawBody(request, { maxBytes: MAX_BODY_BYTES }))
        const recheck = () => agentOf(sys, request)
        const failed = (error: unknown) => {
          const id = randomUUID()
          log.warn(
            { id, error: error instanceof Error ? error.stack : String(error) },
            'a call of another agent failed',
          )
          return id
        }
        const server = mcpServer({ sys, ctx, bells, recheck, failed, gone: gone.signal })
        const transport = new StreamableHTTPServerTransport({})
        response.on('close', () => void server.close())
        await server.connect(transport as Parameters<typeof server.connect>[0])
        await transport.handleRequest(request, response, body)
      } catch (error) {
        if (!(error instanceof ServiceError)) throw error
        log.info({ code: error.code }, 'a call of another agent was refused')
        refuse(response, STATUS[error.code] ?? 400, error.message, headersFor(error))
      }
    },
    close: async () => {
      for (const each of open) each.abort()
      await bells.close()
    },
  }
}

/** Another program acts for the person of its key, as an agent: it may read and propose, and never decide. */
async function agentOf(sys: SystemCtx, request: IncomingMessage): Promise<Ctx> {
  const [scheme, token] = (request.headers.authorization ?? '').trim().split(/\s+/, 2)
  if (scheme?.toLowerCase() !== 'bearer' || !token)
    throw new ServiceError('unauthenticated', 'Send an API key: Authorization: Bearer claw_… (Settings > API keys).')
  const ctx = await resolveApiKey({ ...sys, token, via: 'mcp' })
  return { ...ctx, actor: { ...ctx.actor, kind: 'agent' } }
}

const STATUS: Partial<Record<ServiceError['code'], number>> = {
  unauthenticated: 401,
  forbidden: 403,
  'too-large': 413,
  'rate-limited': 429,
  unavailable: 503,
}

function headersFor(error: ServiceError): Record<string, string> {
  if (error.code === 'unauthenticated')
    return { 'www-authenticate': 'Bearer realm="clawbernetes", error="invalid_token"' }
  if (typeof error.data.retryAfterS === 'number') return { 'retry-after': String(error.data.retryAfterS) }
  return {}
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    throw new ServiceError('invalid', 'The body is not valid JSON.')
  }
}

/** As JSON-RPC, which is what clients of the protocol read. */
function refuse(response: ServerResponse, status: number, message: string, headers: Record<string, string>): void {
  response
    .writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers })
    .end(JSON.stringify({ jsonrpc: '2.0', error: { code: -32000, message }, id: null }))
}
