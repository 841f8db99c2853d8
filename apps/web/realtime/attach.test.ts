import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { testDatabase } from '@clawbernetes/db/testing'
import { type Ctx, newId } from '@clawbernetes/services/context'
import { createAuth } from '@clawbernetes/services/identity/auth'
import { sendMessage } from '@clawbernetes/services/chat/send-message'
import { recordEvent } from '@clawbernetes/services/log/record-event'
import { recordEvents } from '@clawbernetes/services/log/record-events'
import { ring } from '@clawbernetes/services/log/ring'
import { openSystem } from '@clawbernetes/services/system-context'
import { io, type Socket } from 'socket.io-client'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { attachRealtime } from './attach'

type Guest = { cookie: string; orgId: string; userId: string }
let database: Awaited<ReturnType<typeof testDatabase>>
let system: ReturnType<typeof openSystem>
let db: Ctx['db']
let http: Server
let realtime: Awaited<ReturnType<typeof attachRealtime>>
let url: string
let ana: Guest
let eve: Guest
const sockets: Socket[] = []

const SECRET = 'a-secret-of-this-test-that-is-long-enough-0123456789'

async function signUp(name: string): Promise<Guest> {
  const auth = createAuth({ db, secret: SECRET, baseUrl: 'http://localhost', trustedOrigins: [], rateLimit: false })
  const { headers, response } = await auth.api.signUpEmail({
    body: { name, email: `${name.toLowerCase()}@example.com`, password: 'long-enough-password' },
    returnHeaders: true,
  })
  const cookie = headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
  const { organizationId } = await db.member.findFirstOrThrow({ where: { userId: response.user.id } })
  return { cookie, orgId: organizationId, userId: response.user.id }
}

function connect(guest: Guest | null): Socket {
  const socket = io(url, {
    path: '/realtime',
    transports: ['websocket'],
    reconnection: false,
    extraHeaders: guest ? { cookie: guest.cookie } : {},
  })
  sockets.push(socket)
  return socket
}

const subscribe = (socket: Socket, room: unknown, sinceSeq: number | null = null) =>
  socket.timeout(5000).emitWithAck('subscribe', { room, sinceSeq })

const write = (guest: Guest, room: string, kind = 'plan.decided') =>
  db.$transaction((tx) => recordEvent(tx, { orgId: guest.orgId, room, kind, entityId: 'x', entityVersion: 1 }))

function collect(socket: Socket, name: string): unknown[][] {
  const heard: unknown[][] = []
  socket.on(name, (...args: unknown[]) => heard.push(args))
  return heard
}

const soon = (check: () => void) => vi.waitFor(check, { timeout: 5000, interval: 20 })

beforeAll(async () => {
  database = await testDatabase()
  process.env.DATABASE_URL = database.url
  process.env.BETTER_AUTH_SECRET = SECRET
  process.env.BETTER_AUTH_URL = 'http://localhost'
  system = openSystem(database.url, 4)
  db = system.sys.db
  ana = await signUp('Ana')
  eve = await signUp('Eve')
  http = createServer()
  realtime = await attachRealtime(http)
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
})
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.close()
})
afterAll(async () => {
  await realtime.close()
  await system.close()
  await database.drop()
})

describe('who gets in', () => {
  it('refuses a socket without a session', async () => {
    const socket = connect(null)
    const refusals = collect(socket, 'connect_error')
    await soon(() => expect(String(refusals[0]?.[0])).toContain('unauthenticated'))
  })
  it('refuses rooms that are malformed or of another organisation', async () => {
    const socket = connect(ana)
    for (const room of ['nonsense', 7, `org:${eve.orgId}`, `fleet:${eve.orgId}`, 'plan:../x'])
      expect(await subscribe(socket, room)).toMatchObject({ ok: false })
  })
})

describe('events', () => {
  it('reach the rooms of their own organisation and no other', async () => {
    const [mine, theirs] = [connect(ana), connect(eve)]
    // Eve asks for the very name of Ana's room: she gets a room of her own organisation with that name, which is empty.
    expect(await subscribe(mine, 'plan:plan_1')).toMatchObject({ ok: true, events: [] })
    expect(await subscribe(theirs, 'plan:plan_1')).toMatchObject({ ok: true, events: [] })
    const [heard, leaked] = [collect(mine, 'event'), collect(theirs, 'event')]
    await write(ana, 'plan:plan_1')
    await soon(() => expect(heard).toHaveLength(1))
    expect(heard[0]?.[0]).toMatchObject({ room: 'plan:plan_1', kind: 'plan.decided', id: 'x', version: 1 })
    await write(eve, 'plan:plan_1', 'plan.step')
    await soon(() => expect(leaked).toHaveLength(1))
    expect(leaked[0]?.[0]).toMatchObject({ kind: 'plan.step' })
    expect(heard).toHaveLength(1)
  })
  it('of one statement all reach their room, and what is large is read', async () => {
    const socket = connect(ana)
    await subscribe(socket, 'plan:plan_5')
    const heard = collect(socket, 'event')
    const event = { orgId: ana.orgId, room: 'plan:plan_5', kind: 'plan.step', entityVersion: 1 }
    const steps = Array.from({ length: 5 }, (_, i) => ({ ...event, entityId: `step_${i}` }))
    await db.$transaction((tx) => recordEvents(tx, [...steps, { ...event, room: 'plan:plan_6', entityId: 'other' }]))
    await soon(() => expect(heard).toHaveLength(5))
    expect(heard.map(([told]) => (told as { id: string }).id)).toEqual(steps.map((step) => step.entityId))
    const data = { note: '重'.repeat(4000) }
    await db.$transaction((tx) => recordEvents(tx, [{ ...event, entityId: 'large', data }]))
    await soon(() => expect(heard[5]?.[0]).toMatchObject({ id: 'large', data, version: 1, atMs: expect.any(Number) }))
  })
  it('that were missed come with the next subscription, once more with some before them', async () => {
    const first = await write(ana, 'plan:plan_2', 'plan.proposed')
    await write(ana, 'plan:plan_2', 'plan.decided')
    const socket = connect(ana)
    const reply = await subscribe(socket, 'plan:plan_2', Number(first))
    expect(reply).toMatchObject({ ok: true, resync: false })
    expect(reply.events.map((event: { kind: string }) => event.kind)).toEqual(['plan.proposed', 'plan.decided'])
  })
  it('of the last seconds come with a first subscription, so that a page that just loaded misses none', async () => {
    await write(ana, 'plan:plan_3')
    expect((await subscribe(connect(ana), 'plan:plan_3')).events).toHaveLength(1)
  })
  it('that are too many to replay ask for a fresh read instead', async () => {
    const at = new Date()
    const row = { orgId: ana.orgId, room: 'plan:plan_4', kind: 'plan.step', entityId: 'x', entityVersion: 1, at }
    await db.event.createMany({ data: Array.from({ length: 501 }, () => row) })
    expect(await subscribe(connect(ana), 'plan:plan_4', 1)).toMatchObject({ ok: true, resync: true, events: [] })
  })
})

describe('what is not stored', () => {
  it('words of an answer reach those who read the thread', async () => {
    const [reader, stranger] = [connect(ana), connect(eve)]
    const threadId = newId('thread', new Date())
    await subscribe(reader, `thread:${threadId}`)
    await subscribe(stranger, `thread:${threadId}`)
    const [words, leaked] = [collect(reader, 'delta'), collect(stranger, 'delta')]
    await ring(db, { topic: 'delta', orgId: ana.orgId, threadId, messageId: 'msg_1', text: 'Hello', at: 0 })
    await soon(() =>
      expect(words[0]?.[0]).toEqual({ topic: 'delta', threadId, messageId: 'msg_1', text: 'Hello', at: 0 }),
    )
    expect(leaked).toEqual([])
  })
  it('new log lines ring with their cursor', async () => {
    const socket = connect(ana)
    await subscribe(socket, 'logs:wl_1')
    const heard = collect(socket, 'event')
    await ring(db, { topic: 'event', orgId: ana.orgId, room: 'logs:wl_1', seq: '42' })
    await soon(() => expect(heard[0]?.[0]).toMatchObject({ room: 'logs:wl_1', seq: 42, id: 'wl_1' }))
  })
  it('says who of the organisation is here, and at what they look', async () => {
    const socket = connect(ana)
    const seen = collect(socket, 'presence')
    const last = () => seen.at(-1)?.[0]
    await soon(() => expect(last()).toEqual([{ userId: ana.userId, name: 'Ana', looking: [] }]))
    const other = connect(ana)
    socket.emit('look', ['thread:thr_1', 'page:/nodes/x', 'nonsense', 7])
    other.emit('look', ['plan:plan_1'])
    await soon(() =>
      expect(last()).toMatchObject([
        { looking: expect.arrayContaining(['thread:thr_1', 'page:/nodes/x', 'plan:plan_1']) },
      ]),
    )
    other.close()
    await soon(() => expect(last()).toMatchObject([{ looking: ['thread:thr_1', 'page:/nodes/x'] }]))
    socket.emit('look', 'everything')
    const stranger = collect(connect(eve), 'presence')
    await soon(() => expect(stranger.at(-1)?.[0]).toMatchObject([{ name: 'Eve' }]))
    expect(last()).toMatchObject([{ name: 'Ana' }])
  })
  it('a message comes with its event, so that nobody need ask for it', async () => {
    const ctx: Ctx = {
      db,
      now: () => new Date(),
      actor: { kind: 'person', userId: ana.userId, userName: 'Ana', orgId: ana.orgId, role: 'owner', via: 'web' },
    }
    const first = await sendMessage({ ctx, input: { text: 'hello', threadId: null, clientKey: 'key-1-12345' } })
    const socket = connect(ana)
    const heard = collect(socket, 'event')
    await subscribe(socket, `thread:${first.threadId}`)
    await sendMessage({ ctx, input: { text: 'and again', threadId: first.threadId, clientKey: 'key-2-12345' } })
    await soon(() =>
      expect(heard.at(-1)?.[0]).toMatchObject({ kind: 'thread.message', message: { text: 'and again', seq: 2 } }),
    )
  })
  it('gives a frame at once to the first who watches, and stops with the last', async () => {
    const socket = connect(ana)
    const frames = collect(socket, 'frame')
    socket.emit('watch')
    await soon(() => expect(frames[0]?.[0]).toBe(`fleet:${ana.orgId}`))
    expect(frames[0]?.[1]).toMatchObject({ length: 0 })
    socket.emit('unwatch')
  })
})
