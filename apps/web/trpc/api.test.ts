import { testDatabase } from '@clawbernetes/db/testing'
import { createAuth } from '@clawbernetes/services/identity/auth'
import { openSystem } from '@clawbernetes/services/system-context'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { GET, POST } from '../app/api/trpc/[trpc]/route'

// What keeps this code out of browsers; here it runs as the server runs it.
vi.mock('server-only', () => ({}))

let database: Awaited<ReturnType<typeof testDatabase>>
let system: ReturnType<typeof openSystem>
let cookie: string

type Failure = {
  error: { json: { message: string; data: { code: string; serviceCode: string | null; requestId: string | null } } }
}

const get = (path: string, input: unknown, headers: Record<string, string> = { cookie }) =>
  GET(
    new Request(`http://localhost/api/trpc/${path}?input=${encodeURIComponent(JSON.stringify({ json: input }))}`, {
      headers,
    }),
  )

const post = (path: string, input: unknown) =>
  POST(
    new Request(`http://localhost/api/trpc/${path}`, {
      method: 'POST',
      headers: { cookie, 'content-type': 'application/json' },
      body: JSON.stringify({ json: input }),
    }),
  )

async function failure(response: Response) {
  const { error } = (await response.json()) as Failure
  return { status: response.status, message: error.json.message, ...error.json.data }
}

beforeAll(async () => {
  database = await testDatabase()
  const secret = 'a-secret-of-this-test-that-is-long-enough-0123456789'
  Object.assign(process.env, {
    DATABASE_URL: database.url,
    BETTER_AUTH_SECRET: secret,
    BETTER_AUTH_URL: 'http://localhost',
  })
  system = openSystem(database.url, 2)
  const auth = createAuth({
    db: system.sys.db,
    secret,
    baseUrl: 'http://localhost',
    trustedOrigins: [],
    rateLimit: false,
  })
  const { headers } = await auth.api.signUpEmail({
    body: { name: 'Ana', email: 'ana@example.com', password: 'long-enough-password' },
    returnHeaders: true,
  })
  cookie = headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
})
afterAll(async () => {
  await system.close()
  await database.drop()
})

describe('the API', () => {
  it('answers a signed-in person, with the time of the server', async () => {
    const response = await get('plans.list', {})
    expect(await response.json()).toMatchObject({ result: { data: { json: [] } } })
    expect(Number(response.headers.get('x-server-time'))).toBeGreaterThan(1_700_000_000_000)
    expect(response.headers.get('cache-control')).toBe('no-store')
  })
  it('asks strangers to sign in', async () => {
    expect(await failure(await get('plans.list', {}, {}))).toMatchObject({ status: 401, code: 'UNAUTHORIZED' })
  })
  it('says not found for what does not exist or belongs to others', async () => {
    expect(await failure(await get('plans.read', { planId: 'plan_unknown' }))).toMatchObject({
      status: 404,
      serviceCode: 'not-found',
      message: 'There is no such plan.',
    })
  })
  it('refuses bad input in words', async () => {
    const sent = await failure(
      await post('chat.send', { threadId: null, text: 'x'.repeat(30_000), clientKey: 'key-12345' }),
    )
    expect(sent).toMatchObject({ status: 400, code: 'BAD_REQUEST' })
    expect(sent.message).toContain('At most 20,000 characters.')
    const bells = await failure(await post('chat.send', { threadId: null, text: 'a\u0007b', clientKey: 'key-12345' }))
    expect(bells.message).toContain('Control characters are not allowed.')
  })
  it('keeps what went wrong inside to itself, and gives an id to ask with', async () => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => {})
    await database.drop()
    const told = await failure(await get('plans.list', {}))
    expect(told.status).toBe(500)
    expect(told.message).toBe('The server failed to answer.')
    expect(JSON.stringify(told)).not.toContain(new URL(database.url).pathname.slice(1))
    logged.mockRestore()
  })
})
