import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import type { ApiScope } from '@clawbernetes/protocol/permissions'
import { type Ctx, requireScope } from '@clawbernetes/services/context'
import { failureBody } from './failure'

export type ApiEnv = { Variables: { call: Ctx; requestId: string; again: () => Promise<Ctx> } }
export type Api = OpenAPIHono<ApiEnv>
type Shape = z.ZodRawShape
type Values<S extends Shape | undefined> = S extends Shape ? z.output<z.ZodObject<S>> : Record<string, never>

export interface Asked<P extends Shape | undefined, Q extends Shape | undefined, B extends Shape | undefined> {
  ctx: Ctx
  params: Values<P>
  query: Values<Q>
  body: Values<B>
  header: (name: string) => string | undefined
  signal: AbortSignal
}

export interface EndpointSpec<
  P extends Shape | undefined,
  Q extends Shape | undefined,
  B extends Shape | undefined,
  R extends z.ZodType,
> {
  method: 'get' | 'post'
  /** Below /api/v1, with parameters in braces. */
  path: string
  tag: string
  summary: string
  description?: string
  /** What a key must be made for. */
  scope: ApiScope
  params?: P
  query?: Q
  body?: B
  headers?: z.ZodObject
  result: R
  status?: 200 | 202
}

const json = (schema: z.ZodType) => ({ 'application/json': { schema } })
const refusal = (description: string) => ({ description, content: json(failureBody) })

/**
 * One operation of the API: what it takes (unknown fields are refused), what a key needs, what it answers. The answer is parsed
 * by its own schema, so that nothing leaves that the document does not name.
 */
export function endpoint<
  R extends z.ZodType,
  P extends Shape | undefined = undefined,
  Q extends Shape | undefined = undefined,
  B extends Shape | undefined = undefined,
>(api: Api, spec: EndpointSpec<P, Q, B, R>, handle: (asked: Asked<P, Q, B>) => Promise<z.input<R>>): void {
  const route = createRoute({
    method: spec.method,
    path: spec.path,
    tags: [spec.tag],
    summary: spec.summary,
    description: `${spec.description ? `${spec.description}\n\n` : ''}Needs the scope \`${spec.scope}\`.`,
    security: [{ apiKey: [] }],
    'x-scope': spec.scope,
    request: {
      ...(spec.params ? { params: z.strictObject(spec.params) } : {}),
      query: z.strictObject(spec.query ?? {}),
      ...(spec.headers ? { headers: spec.headers } : {}),
      ...(spec.body ? { body: { required: true, content: json(z.strictObject(spec.body)) } } : {}),
    },
    responses: {
      [spec.status ?? 200]: { description: spec.summary, content: json(spec.result) },
      400: refusal('The request does not fit.'),
      401: refusal('There is no API key, or it holds no longer.'),
      403: refusal('The key or its person may not do this.'),
      ...(spec.params ? { 404: refusal('There is no such thing in this organisation.') } : {}),
      ...(spec.method === 'post' ? { 409: refusal('The state of things does not allow it; the words say why.') } : {}),
      429: refusal('Too many calls; `retry-after` says when to come back.'),
    },
  })
  api.openapi(route, async (c) => {
    const ctx = c.get('call')
    requireScope(ctx, spec.scope)
    const valid = c.req.valid.bind(c.req) as (target: string) => unknown
    const value = await handle({
      ctx,
      params: (spec.params ? valid('param') : {}) as Values<P>,
      query: valid('query') as Values<Q>,
      body: (spec.body ? valid('json') : {}) as Values<B>,
      header: (name) => c.req.header(name),
      signal: c.req.raw.signal,
    })
    return c.json(spec.result.parse(value) as never, (spec.status ?? 200) as 200)
  })
}

/** An object schema under a name in the document; built anew, so that it does not matter which module was loaded first. */
export const named = <S extends Shape>(name: string, schema: z.ZodObject<S>): z.ZodObject<S> =>
  z.object(schema.shape).openapi(name)

/** A page of a list. `next` goes into the query parameter `after` of the next call; null: this was the last one. */
export const pageOf = <S extends z.ZodType>(item: S) =>
  z.object({
    items: z.array(item),
    next: z.string().nullable().openapi({ description: 'Pass as `after` to go on; null: there is nothing more.' }),
  })

export const pageQuery = (max: number, byDefault: number) => ({
  limit: z.coerce.number().int().min(1).max(max).default(byDefault),
  after: z.string().max(200).optional().openapi({ description: 'The `next` of the page before.' }),
})

/** Of a list that is read whole, the part after a cursor, in order of a key that is unique in it. */
export function pageBy<T>(
  all: readonly T[],
  keyOf: (item: T) => string,
  { limit, after }: { limit: number; after?: string | undefined },
): { items: T[]; next: string | null } {
  const rest = all
    .map((item) => ({ item, key: keyOf(item) }))
    .filter(({ key }) => after === undefined || key > after)
    .sort((a, b) => (a.key < b.key ? -1 : 1))
  const page = rest.slice(0, limit)
  return { items: page.map(({ item }) => item), next: rest.length > limit ? (page.at(-1)?.key ?? null) : null }
}

export const waitQuery = {
  wait: z.coerce
    .number()
    .min(0)
    .max(55)
    .default(0)
    .openapi({ description: 'Seconds to hold the answer until there is something new.' }),
}
