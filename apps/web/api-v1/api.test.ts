import type { Ctx } from '@clawbernetes/services/context'
import Ajv2020 from 'ajv/dist/2020'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { apiDocument, createApi } from './app'
import { type ApiWorld, apiWorld } from './testing/api-world'

// What keeps this code out of browsers; here it runs as the server runs it.
vi.mock('server-only', () => ({}))

type Json = Record<string, never> & { [key: string]: unknown }
const document = JSON.parse(JSON.stringify(apiDocument(createApi().api))) as {
  openapi: string
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, object>; securitySchemes: Record<string, object> }
}
interface Operation {
  'x-scope': string
  parameters?: { name: string; in: string }[]
  responses: Record<string, { content?: Record<string, { schema: object }> }>
  security: Record<string, string[]>[]
}
const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({
    name: `${method.toUpperCase()} ${path}`,
    path,
    method,
    operation,
  })),
)
const ajv = new Ajv2020({ strict: false, validateFormats: false })
ajv.addSchema({ $id: 'doc', components: document.components })
/** References point into the document. */
const rooted = (schema: object): object =>
  JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"doc#/components/')) as object
const expectFits = (operation: Operation, status: number, type: string, body: unknown) => {
  const schema = operation.responses[status]?.content?.[type]?.schema
  if (!schema) throw new Error(`${status} ${type} is not in the document`)
  const fits = ajv.compile(rooted(schema))
  expect(fits(body), JSON.stringify(fits.errors?.slice(0, 3))).toBe(true)
}

let world: ApiWorld
let ana: Ctx
let token: string
beforeAll(async () => {
  world = await apiWorld()
  ana = await world.person('ana', 'owner')
  token = await world.key(ana)
})
afterAll(() => world.close())

const failure = async (response: Response) => {
  const { error } = (await response.json()) as { error: { code: string; message: string } }
  return { status: response.status, ...error }
}
const started = async (text = 'How is the fleet doing?') =>
  (await (await world.call(token, 'POST', '/threads', { text })).json()) as { threadId: string; messageId: string }
const decision = ({ id, revision, digest }: { id: string; revision: number; digest: string }) => ({
  id,
  body: { revision, digest },
})
async function succeeded(): Promise<string> {
  const plan = await world.plan(ana)
  await world.db.plan.update({ where: { id: plan.id }, data: { state: 'succeeded', finishedAt: new Date() } })
  return plan.id
}

/** One good call for every operation of the document. */
const CALLS: Record<string, () => Promise<[path: string, body?: unknown]>> = {
  'GET /me': async () => ['/me'],
  'GET /freeze': async () => ['/freeze'],
  'POST /freeze': async () => ['/freeze', { reason: 'drill' }],
  'POST /unfreeze': async () => ['/unfreeze', { reason: 'drill is over' }],
  'GET /nodes': async () => ['/nodes?limit=10'],
  'GET /nodes/{nodeId}': async () => [`/nodes/${world.nodeId}`],
  'GET /gpus': async () => ['/gpus'],
  'GET /gpus/{gpuId}': async () => [`/gpus/${world.gpuId}`],
  'GET /findings': async () => ['/findings?state=all'],
  'GET /alerts': async () => ['/alerts'],
  'GET /workloads': async () => ['/workloads?view=live'],
  'GET /workloads/{workload}': async () => ['/workloads/train-a'],
  'GET /workloads/{workload}/logs': async () => ['/workloads/train-a/logs?level=error'],
  'GET /workloads/{workload}/metrics': async () => [`/workloads/${world.workloadId}/metrics`],
  'GET /plans': async () => {
    await world.plan(ana)
    return ['/plans?view=waiting']
  },
  'GET /plans/{plan}': async () => [`/plans/${(await world.plan(ana)).label}`],
  'POST /plans/{plan}/approve': async () => {
    const { id, body } = decision(await world.plan(ana))
    return [`/plans/${id}/approve`, body]
  },
  'POST /plans/{plan}/reject': async () => {
    const { id, body } = decision(await world.plan(ana))
    return [`/plans/${id}/reject`, { ...body, reason: 'not now' }]
  },
  'POST /plans/{plan}/cancel': async () => [`/plans/${(await world.plan(ana)).id}/cancel`],
  'POST /plans/{plan}/undo': async () => [`/plans/${await succeeded()}/undo`],
  'GET /threads': async () => {
    await started()
    return ['/threads']
  },
  'POST /threads': async () => ['/threads', { text: 'What is running?' }],
  'GET /threads/{threadId}/messages': async () => [`/threads/${(await started()).threadId}/messages`],
  'POST /threads/{threadId}/messages': async () => [
    `/threads/${(await started()).threadId}/messages`,
    { text: 'And node-02?' },
  ],
  'POST /threads/{threadId}/stop': async () => [`/threads/${(await started()).threadId}/stop`],
  'GET /threads/{threadId}/events': async () => {
    const { threadId } = await started()
    await world.db.agentRun.updateMany({ where: { threadId }, data: { state: 'done' } })
    return [`/threads/${threadId}/events?until=idle`]
  },
  'GET /audit': async () => ['/audit?limit=5&action=plan'],
  'GET /audit/verify': async () => ['/audit/verify'],
  'GET /audit/export': async () => ['/audit/export'],
}

describe('the document', () => {
  it('is OpenAPI 3.1 whose references, parameters, schemas and security hold together', () => {
    expect(document.openapi).toBe('3.1.0')
    const text = JSON.stringify(document)
    for (const [, name] of text.matchAll(/"#\/components\/schemas\/([^"]+)"/g))
      expect(Object.keys(document.components.schemas)).toContain(name)
    for (const { name, path, operation } of operations) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((m) => m[1])
      const declared = (operation.parameters ?? []).filter((p) => p.in === 'path').map((p) => p.name)
      expect(declared, name).toEqual(inPath)
      expect(operation.security, name).toEqual([{ apiKey: [] }])
      for (const { content = {} } of Object.values(operation.responses))
        for (const { schema } of Object.values(content)) ajv.compile(rooted(schema))
    }
    expect(document.components.securitySchemes.apiKey).toMatchObject({ type: 'http', scheme: 'bearer' })
  })

  it('is served, with a page for people, without a key', async () => {
    expect(await (await world.call(null, 'GET', '/openapi.json')).json()).toMatchObject({ openapi: '3.1.0' })
    const page = await (await world.call(null, 'GET', '')).text()
    for (const { path } of operations) expect(page).toContain(path)
  })

  it('names every operation that this test calls, and no other', () => {
    expect(operations.map(({ name }) => name).sort()).toEqual(Object.keys(CALLS).sort())
  })
})

describe('every operation', () => {
  it.each(operations)('$name answers as its own document says', async ({ name, method, operation }) => {
    const [path, body] = (await CALLS[name]?.()) ?? ['']
    const response = await world.call(token, method.toUpperCase(), path, body)
    const type = response.headers.get('content-type')?.split(';')[0] ?? ''
    expect(response.status, await response.clone().text()).toBeLessThan(300)
    const text = await response.text()
    if (type === 'application/json') expectFits(operation, response.status, type, JSON.parse(text))
    else if (type === 'application/x-ndjson')
      for (const line of text.trim().split('\n')) expect(JSON.parse(line)).toBeTypeOf('object')
    else expectFits(operation, 200, type, text)
    expect(response.headers.get('cache-control')).toContain('no-store')
  })

  it.each(operations)(
    '$name is refused without a key, and with one of any other scope',
    async ({ name, method, operation }) => {
      const [path, body] = (await CALLS[name]?.()) ?? ['']
      const nobody = await world.call(null, method.toUpperCase(), path, body)
      expect([nobody.status, nobody.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="clawbernetes"'])
      const others = (['read', 'chat', 'propose', 'approve', 'manage'] as const).filter(
        (s) => s !== operation['x-scope'],
      )
      const refused = await failure(await world.call(await world.key(ana, others), method.toUpperCase(), path, body))
      expect(refused).toMatchObject({ status: 403, code: 'forbidden' })
      expect(refused.message).toContain(operation['x-scope'])
    },
  )

  it.each(operations.filter(({ path }) => path.includes('{')))(
    '$name knows nothing of another organisation',
    async ({ name, method }) => {
      const [path, body] = (await CALLS[name]?.()) ?? ['']
      const { userId, orgId } = world.stranger.actor
      const createdAt = new Date(Date.now() - 60_000)
      await world.db.member.upsert({
        where: { id: 'mem_stranger' },
        create: { id: 'mem_stranger', organizationId: orgId, userId: userId ?? '', role: 'owner', createdAt },
        update: {},
      })
      await world.db.apiKey.updateMany({ where: { orgId }, data: { revokedAt: new Date() } })
      const theirs = await world.call(await world.key(world.stranger), method.toUpperCase(), path, body)
      expect(await failure(theirs)).toMatchObject({ status: 404, code: 'not-found' })
    },
  )
})

describe('the API', () => {
  it('refuses unknown fields, broken JSON, other types and what is too large, in words', async () => {
    expect(await failure(await world.call(token, 'GET', '/nodes?limit=10&colour=red'))).toMatchObject({ status: 400 })
    const extra = await failure(await world.call(token, 'POST', '/threads', { text: 'hi', admin: true }))
    expect([extra.status, extra.message]).toEqual([400, expect.stringContaining('admin')])
    const { fetch } = createApi()
    const raw = (body: string, type: string) =>
      fetch(
        new Request('http://web.test/api/v1/threads', {
          method: 'POST',
          body,
          headers: { authorization: `Bearer ${token}`, 'content-type': type },
        }),
      )
    expect(await failure(await raw('{', 'application/json'))).toMatchObject({ status: 400, code: 'invalid' })
    expect(await failure(await raw('text=hi', 'application/x-www-form-urlencoded'))).toMatchObject({ status: 415 })
    expect(await failure(await raw(JSON.stringify({ text: 'x'.repeat(200_000) }), 'application/json'))).toMatchObject({
      status: 413,
      code: 'too-large',
    })
    expect(await failure(await world.call(token, 'GET', '/nothing'))).toMatchObject({ status: 404 })
  })

  it('answers the same message once, also when it opens a conversation twice at the same moment', async () => {
    const send = () => world.call(token, 'POST', '/threads', { text: 'once' }, { 'idempotency-key': 'key-once-1' })
    const answers = await Promise.all([send(), send(), send()])
    const bodies = (await Promise.all(answers.map((a) => a.json()))) as Json[]
    expect(new Set(bodies.map((b) => b.messageId)).size).toBe(1)
    expect(await world.db.thread.count({ where: { title: { contains: 'nce' } } })).toBe(1)
  })

  it('holds a read until the agent has answered', async () => {
    await world.db.agentRun.updateMany({ data: { state: 'done' } })
    const { threadId } = await started('wait for me')
    const waiting = world.call(token, 'GET', `/threads/${threadId}/messages?after=1&wait=20`)
    await world.answerTurn('Eight nodes are online.')
    const page = (await (await waiting).json()) as { items: Json[]; busy: boolean }
    expect(page).toMatchObject({ busy: false, items: [{ role: 'agent', text: 'Eight nodes are online.' }] })
  })

  it('streams messages and says when the agent is done', async () => {
    await world.db.agentRun.updateMany({ data: { state: 'done' } })
    const { threadId } = await started('stream it')
    const response = await world.call(token, 'GET', `/threads/${threadId}/events?until=idle`)
    await world.answerTurn('Streamed.')
    const events = [...(await response.text()).matchAll(/^event: (\w+)$/gm)].map((m) => m[1])
    expect(events).toEqual(['message', 'message', 'idle'])
  })

  it('holds a read of a plan until it was decided, and tells a second person who was first', async () => {
    const plan = await world.plan(ana)
    const waiting = world.call(token, 'GET', `/plans/${plan.label}?wait=20&version=${plan.version}`)
    const { id, body } = decision(plan)
    const ben = await world.key(await world.person('ben', 'operator'), ['read', 'approve'])
    const [first, second] = await Promise.all([
      world.call(token, 'POST', `/plans/${id}/approve`, body),
      world.call(ben, 'POST', `/plans/${id}/approve`, body),
    ])
    expect([first.status, second.status].sort((a, b) => a - b)).toEqual([200, 409])
    const lost = await failure(first.status === 409 ? first : second)
    expect(lost.message).toMatch(/(ana|ben) decided at \d\d:\d\d:\d\d UTC/)
    expect(await (await waiting).json()).toMatchObject({ state: 'approved', decisions: [{ via: 'api' }] })
    expect(await world.db.approval.count({ where: { planId: id } })).toBe(1)
  })

  it('pages through lists without losing or repeating anything', async () => {
    for (let i = 0; i < 3; i++) await world.plan(ana)
    const seen: string[] = []
    for (let after = ''; ; ) {
      const page = (await (await world.call(token, 'GET', `/plans?view=all&limit=2${after}`)).json()) as {
        items: { id: string }[]
        next: string | null
      }
      seen.push(...page.items.map((p) => p.id))
      if (!page.next) break
      after = `&after=${page.next}`
    }
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen.length).toBe(await world.db.plan.count())
  })

  it('stops a key that calls too often, and says when to come back', async () => {
    const busy = await world.key(ana, ['read'])
    await world.call(busy, 'GET', '/me')
    await world.db.apiKey.updateMany({ where: { hint: busy.slice(-4) }, data: { windowCount: 100_000 } })
    const refused = await world.call(busy, 'GET', '/me')
    expect(refused.status).toBe(429)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  })
})
