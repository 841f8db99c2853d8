import { OpenAPIHono } from '@hono/zod-openapi'
import { PRODUCT_VERSION } from '@clawbernetes/protocol/version'
import type { Via } from '@clawbernetes/services/context'
import { ServiceError } from '@clawbernetes/services/errors'
import { resolveApiKey } from '@clawbernetes/services/identity/resolve-api-key'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { callerAddress } from '../trpc/caller-address'
import type { Api, ApiEnv } from './endpoint'
import { answer, failureOf } from './failure'
import { referencePage } from './reference-page'
import { auditRoutes } from './routes/audit'
import { fleetRoutes } from './routes/fleet'
import { identityRoutes } from './routes/identity'
import { planRoutes } from './routes/plans'
import { threadRoutes } from './routes/threads'
import { workloadRoutes } from './routes/workloads'

export const BASE = '/api/v1'
/** The longest message in any script, with its JSON around it. */
const MAX_BODY_BYTES = 128 * 1024

/** The HTTP API: the verbs of the services behind API keys, described by its own OpenAPI document. */
export function createApi(): { api: Api; fetch: (request: Request) => Promise<Response> } {
  const api: Api = new OpenAPIHono<ApiEnv>({
    defaultHook: (result) => {
      if (result.success) return undefined
      const [issue] = result.error.issues
      const where = issue?.path.join('.')
      return answer(400, 'invalid', `${where ? `${where}: ` : ''}${issue?.message ?? 'The request does not fit.'}`)
    },
  })
  api.onError((error, c) => failureOf(error, c.get('requestId') ?? ''))
  api.use('*', async (c, next) => {
    c.set('requestId', crypto.randomUUID())
    await next()
    c.header('x-request-id', c.get('requestId'))
    if (!c.res.headers.has('cache-control')) c.header('cache-control', 'no-store')
  })
  const tooLarge = () => answer(413, 'too-large', `The body is larger than ${MAX_BODY_BYTES} bytes.`)
  api.use('*', bodyLimit({ maxSize: MAX_BODY_BYTES, onError: tooLarge }))
  api.get('/openapi.json', (c) => c.json(apiDocument(api) as never))
  api.get('/', (c) => c.html(referencePage(apiDocument(api))))
  api.use('*', async (c, next) => {
    const again = () => callOf(c.req.raw.headers)
    c.set('call', await again())
    c.set('again', again)
    await next()
  })
  api.openAPIRegistry.registerComponent('securitySchemes', 'apiKey', {
    type: 'http',
    scheme: 'bearer',
    description: 'An API key of Settings > API keys.',
  })
  identityRoutes(api)
  fleetRoutes(api)
  workloadRoutes(api)
  planRoutes(api)
  threadRoutes(api)
  auditRoutes(api)
  const root = new Hono().route(BASE, api)
  root.notFound(() => answer(404, 'not-found', 'There is no such operation. GET /api/v1 lists them.'))
  return { api, fetch: async (request) => root.fetch(request) }
}

/** Who calls. The command names itself in its user agent, for the audit; it gets no right by that. */
async function callOf(headers: Headers) {
  const [scheme, token] = (headers.get('authorization') ?? '').trim().split(/\s+/, 2)
  if (scheme?.toLowerCase() !== 'bearer' || !token)
    throw new ServiceError('unauthenticated', 'Send an API key: Authorization: Bearer claw_… (Settings > API keys).')
  const via: Via = headers.get('user-agent')?.startsWith('claw/') ? 'cli' : 'api'
  const call = await resolveApiKey({ token, via })
  const address = callerAddress(headers)
  return address ? { ...call, actor: { ...call.actor, address } } : call
}

export type ApiDocument = ReturnType<typeof apiDocument>

export function apiDocument(api: Api) {
  return api.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Clawbernetes',
      version: PRODUCT_VERSION,
      description:
        'Read the fleet, talk to the agent, decide on its plans. Every call acts as the person of its API key, with the rights that person has at that moment, cut down to the scopes of the key. Ids of other organisations answer 404. Lists are paged: pass `next` as `after`. Refusals are `{"error":{"code","message"}}`.',
    },
    servers: [{ url: BASE }],
  })
}
