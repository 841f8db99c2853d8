import { createRoute, z } from '@hono/zod-openapi'
import { scopeOf } from '@clawbernetes/protocol/permissions'
import { requireScope } from '@clawbernetes/services/context'
import { AUDIT_FORMATS } from '@clawbernetes/services/log/audit-file'
import { exportAudit } from '@clawbernetes/services/log/export-audit'
import { type AuditView, listAudit } from '@clawbernetes/services/log/list-audit'
import { verifyAudit } from '@clawbernetes/services/log/verify-audit'
import { type Api, endpoint, pageOf, pageQuery } from '../endpoint'

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
  actor: z.string().max(120).optional().openapi({ description: 'Part of a name or e-mail, or agent, system.' }),
  via: z.string().max(20).optional().openapi({ description: 'A door: web, chat, cli, api, mcp, slack, discord.' }),
  since: z.iso.datetime().optional(),
  until: z.iso.datetime().optional(),
}
type Filter = { [K in keyof typeof filter]?: string | undefined }
const filterOf = ({ action, target, actor, via, since, until }: Filter) => ({
  action: action ?? null,
  target: target ?? null,
  actor: actor ?? null,
  via: via ?? null,
  since: since ?? null,
  until: until ?? null,
})

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
    async ({ ctx, query: { limit, after, ...asked } }) => {
      const before = after === undefined ? null : z.coerce.number().int().catch(1).parse(after)
      const items = await listAudit({ ctx, input: { ...filterOf(asked), limit, before } })
      const last = items.at(-1)
      return { items, next: last && items.length === limit ? String(last.seq) : null }
    },
  )
  endpoint(
    api,
    {
      method: 'get',
      path: '/audit/verify',
      tag: 'Audit',
      summary: 'Check the chain of the audit log from its first entry',
      scope: 'read',
      result: z.object({
        entries: z.number().int(),
        brokenAt: z.number().int().nullable(),
        why: z.string().nullable(),
        headSeq: z.number().int(),
        headHash: z.string(),
      }),
    },
    ({ ctx }) => verifyAudit({ ctx }),
  )
  exportRoute(api)
}

function exportRoute(api: Api): void {
  const scope = scopeOf('exportAudit')
  const description = `The log as a file, oldest first: the first line says what it is and how the chain ends. \`npm run audit\` checks such a file. The export is an entry itself. Needs the scope \`${scope}\`.`
  const route = createRoute({
    method: 'get',
    path: '/audit/export',
    tags: ['Audit'],
    summary: 'Export the audit log',
    description,
    security: [{ apiKey: [] }],
    'x-scope': scope,
    request: { query: z.strictObject({ ...filter, format: z.enum(AUDIT_FORMATS).default('jsonl') }) },
    responses: {
      200: {
        description,
        content: { 'application/x-ndjson': { schema: z.string() }, 'text/csv': { schema: z.string() } },
      },
    },
  })
  api.openapi(route, async (c) => {
    const ctx = c.get('call')
    requireScope(ctx, scope)
    const { format, ...asked } = c.req.valid('query')
    const { fileName, lines } = await exportAudit({ ctx, input: { ...filterOf(asked), format } })
    return new Response(streamOf(lines), {
      headers: {
        'content-type': format === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson; charset=utf-8',
        'content-disposition': `attachment; filename="${fileName}"`,
        'cache-control': 'no-store',
      },
    }) as never
  })
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
