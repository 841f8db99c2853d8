import { createRoute, z } from '@hono/zod-openapi'
import { type Ctx, requireScope } from '@clawbernetes/services/context'
import { type AuditView, listAudit } from '@clawbernetes/services/log/list-audit'
import { type Api, endpoint, pageOf, pageQuery } from '../endpoint'

const EXPORT_PAGE = 200
const entry = z
  .object({
    seq: z.number().int(),
    at: z.iso.datetime(),
    actor: z.object({ kind: z.string(), name: z.string() }),
    onBehalfOf: z.string().nullable(),
    via: z.string(),
    action: z.string(),
    target: z.string(),
    data: z.record(z.string(), z.unknown()),
    hash: z.string(),
  })
  .openapi('AuditEntry') satisfies z.ZodType<Partial<AuditView>>
const filter = {
  action: z.string().max(80).optional().openapi({ description: 'Beginning of an action: `plan.`, `api-key.create`.' }),
  target: z.string().max(120).optional(),
}

export function auditRoutes(api: Api): void {
  endpoint(
    api,
    {
      method: 'get',
      path: '/audit',
      tag: 'Audit',
      summary: 'List audit entries, newest first',
      scope: 'read',
      query: { ...pageQuery(200, 50), ...filter },
      result: pageOf(entry),
    },
    async ({ ctx, query: { limit, after, action, target } }) => {
      const before = after === undefined ? null : z.coerce.number().int().catch(1).parse(after)
      const items = await listAudit({ ctx, input: { limit, before, action: action ?? null, target: target ?? null } })
      const last = items.at(-1)
      return { items, next: last && items.length === limit ? String(last.seq) : null }
    },
  )
  const description = 'One JSON object a line, newest first, the whole log. Needs the scope `read`.'
  const route = createRoute({
    method: 'get',
    path: '/audit/export',
    tags: ['Audit'],
    summary: 'Export the audit log',
    description,
    security: [{ apiKey: [] }],
    'x-scope': 'read',
    request: { query: z.strictObject(filter) },
    responses: { 200: { description, content: { 'application/x-ndjson': { schema: entry } } } },
  })
  api.openapi(route, (c) => {
    const ctx = c.get('call')
    requireScope(ctx, 'read')
    const { action, target } = c.req.valid('query')
    const lines = exportLines(ctx, { action: action ?? null, target: target ?? null })
    return new Response(streamOf(lines), {
      headers: {
        'content-type': 'application/x-ndjson; charset=utf-8',
        'content-disposition': 'attachment; filename="clawbernetes-audit.ndjson"',
        'cache-control': 'no-store',
      },
    }) as never
  })
}

async function* exportLines(
  ctx: Ctx,
  filter: { action: string | null; target: string | null },
): AsyncGenerator<string> {
  for (let before: number | null = null; ; ) {
    const page: AuditView[] = await listAudit({ ctx, input: { ...filter, before, limit: EXPORT_PAGE } })
    for (const one of page) yield `${JSON.stringify(entry.parse(one))}\n`
    const last = page.at(-1)
    if (!last || page.length < EXPORT_PAGE) return
    before = last.seq
  }
}

function streamOf(lines: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await lines.next()
      if (done) controller.close()
      else controller.enqueue(encoder.encode(value))
    },
    cancel: async () => void (await lines.return(undefined)),
  })
}
