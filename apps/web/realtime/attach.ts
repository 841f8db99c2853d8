import type { Server as HttpServer } from 'node:http'
import type { Ctx } from '@clawbernetes/services/context'
import { personCtx, resolveActor } from '@clawbernetes/services/identity/resolve-actor'
import { type LoggedEvent, readEvents } from '@clawbernetes/services/log/read-events'
import { type Bell, subscribe } from '@clawbernetes/services/log/subscribe'
import { Server, type Socket } from 'socket.io'
import { BellReader } from './bell-reader'
import { PresenceBoard } from './presence'
import { parseRoom, roomIsOf, scopedRoom } from './rooms'
import { WatchedFrames } from './watched-frames'

/** A position may become visible after a later one; whoever comes back reads this many before the last one again. */
const OVERLAP = 100n
/** A page that has just loaded reads what happened while it did. */
const LOOKBACK_MS = 5000
const RECHECK_MS = 60_000
const MAX_ROOMS = 100

type Guest = { userId: string; name: string; orgId: string; ctx: Ctx }
type GuestSocket = Socket & { data: { guest: Guest } }

const toWire = (event: LoggedEvent) => ({
  room: event.room,
  seq: Number(event.seq),
  kind: event.kind,
  id: event.entityId,
  version: event.entityVersion,
  atMs: event.at.getTime(),
  data: event.data,
})

const logsWire = (room: string, seq: string) => ({
  room,
  seq: Number(seq),
  kind: 'logs.appended',
  id: room.slice('logs:'.length),
  version: 0,
  atMs: Date.now(),
  data: {},
})

function log(event: string, error: unknown): void {
  console.error(
    JSON.stringify({ event: `realtime.${event}`, error: error instanceof Error ? error.message : String(error) }),
  )
}

/** Headers of the handshake as the sign-in reads them. */
function handshakeHeaders(socket: Socket): Headers {
  const { cookie, authorization } = socket.handshake.headers
  const headers = new Headers()
  if (cookie) headers.set('cookie', cookie)
  if (authorization) headers.set('authorization', authorization)
  return headers
}

async function admit(socket: Socket): Promise<Guest | null> {
  const signedIn = await resolveActor(handshakeHeaders(socket))
  if (!signedIn) return null
  return { userId: signedIn.user.id, name: signedIn.user.name, orgId: signedIn.org.id, ctx: personCtx(signedIn) }
}

async function admitOrRefuse(socket: Socket, next: (refusal?: Error) => void): Promise<void> {
  let guest: Guest | null
  try {
    guest = await admit(socket)
  } catch (error) {
    log('admit-failed', error)
    return next(new Error('unavailable'))
  }
  if (!guest) return next(new Error('unauthenticated'))
  socket.data.guest = guest
  next()
}

/**
 * The browsers' sockets. They carry bells and short-lived words, never the only copy of anything: a browser that missed
 * something reads it over HTTP. Every room name is prefixed with the organisation of the session.
 */
export async function attachRealtime(http: HttpServer): Promise<{ close: () => Promise<void> }> {
  const databaseUrl = process.env.DATABASE_URL
  if (!databaseUrl)
    throw new Error('DATABASE_URL is not set. Start with `npm start`, or set it to a PostgreSQL address.')
  const io = new Server(http, {
    path: '/realtime',
    destroyUpgrade: false,
    serveClient: false,
    maxHttpBufferSize: 64_000,
  })
  const frames = new WatchedFrames(
    (orgId, frame) => io.to(`${orgId}/frames`).volatile.emit('frame', `fleet:${orgId}`, frame),
    (error) => log('frame-failed', error),
  )
  const bells = new BellReader(
    (orgId, event, news) => {
      const wire = toWire(event)
      io.to(scopedRoom(orgId, event.room)).emit('event', { ...wire, ...news })
    },
    (orgId, error) => {
      log('read-failed', error)
      io.to(`${orgId}/members`).emit('gap')
    },
  )
  const onBell = (bell: Bell) => {
    if (bell.topic === 'delta') {
      const { orgId, ...delta } = bell
      io.to(scopedRoom(orgId, `thread:${bell.threadId}`)).emit('delta', delta)
    }
    if (bell.topic === 'event' && bell.room.startsWith('logs:')) {
      // New log lines have no event of their own: the bell's position is the newest line's cursor.
      io.to(scopedRoom(bell.orgId, bell.room)).emit('event', logsWire(bell.room, bell.seq))
    } else if (bell.topic === 'event') {
      const listeners = io.sockets.adapter.rooms.get(scopedRoom(bell.orgId, bell.room))
      if (listeners && bell.event && (bell.news || !bell.room.startsWith('thread:'))) {
        const { orgId, room, seq, event, news } = bell
        const { entityId: id, entityVersion: version, ...rest } = event
        io.to(scopedRoom(orgId, room)).emit('event', { room, seq: Number(seq), id, version, ...rest, ...news })
        return
      }
      const first = listeners ? io.sockets.sockets.get([...listeners][0] ?? '') : undefined
      if (first) bells.hear(bell.orgId, bell.seqs ?? [bell.seq], (first as GuestSocket).data.guest.ctx)
    }
  }
  const bellRope = subscribe(databaseUrl, onBell, () => io.emit('gap'))

  io.use((socket, next) => void admitOrRefuse(socket, next))
  const presence = new PresenceBoard(io)
  io.on('connection', (socket) => welcome(presence, socket as GuestSocket, frames))
  const recheck = setInterval(() => void recheckGuests(io), RECHECK_MS)
  return {
    close: async () => {
      clearInterval(recheck)
      frames.close()
      bells.close()
      presence.close()
      await bellRope.stop()
      await io.close()
    },
  }
}

function welcome(presence: PresenceBoard, socket: GuestSocket, frames: WatchedFrames): void {
  const { guest } = socket.data
  void socket.join(`${guest.orgId}/members`)
  presence.enter(socket.id, guest)
  socket.on('look', (subjects: unknown) => presence.look(socket.id, subjects))
  socket.on('subscribe', (request: unknown, reply: unknown) => {
    if (typeof reply !== 'function') return
    void answerSubscribe(socket, request, (answer) => reply(answer))
  })
  socket.on('unsubscribe', (request: unknown) => {
    const name = roomName(request)
    if (name) void socket.leave(scopedRoom(guest.orgId, name))
  })
  socket.on('watch', () => {
    void socket.join(`${guest.orgId}/frames`)
    frames.add(guest.orgId, socket.id, guest.ctx)
  })
  socket.on('unwatch', () => {
    void socket.leave(`${guest.orgId}/frames`)
    frames.remove(guest.orgId, socket.id)
  })
  socket.on('disconnect', () => {
    frames.remove(guest.orgId, socket.id)
    presence.leave(socket.id)
  })
}

async function answerSubscribe(socket: GuestSocket, request: unknown, reply: (answer: unknown) => void): Promise<void> {
  try {
    reply(await subscribeTo(socket, request))
  } catch (error) {
    log('subscribe-failed', error)
    reply({ ok: false, reason: 'unavailable' })
  }
}

function roomName(request: unknown): string | null {
  if (typeof request !== 'object' || request === null || !('room' in request)) return null
  return parseRoom(request.room) ? String(request.room) : null
}

async function subscribeTo(socket: GuestSocket, request: unknown) {
  const { guest } = socket.data
  const name = roomName(request)
  const room = parseRoom(name)
  if (!name || !room || !roomIsOf(room, guest.orgId)) return { ok: false, reason: 'no such room' }
  if (socket.rooms.size > MAX_ROOMS) return { ok: false, reason: 'too many rooms' }
  // Join first, then read: an event in between arrives twice, which readers drop, rather than never.
  await socket.join(scopedRoom(guest.orgId, name))
  const sinceSeq = typeof request === 'object' && request !== null && 'sinceSeq' in request ? request.sinceSeq : null
  const now = new Date()
  const position =
    typeof sinceSeq === 'number' && Number.isSafeInteger(sinceSeq) && sinceSeq >= 0 ? BigInt(sinceSeq) : null
  const { events, complete } = await readEvents({
    ctx: guest.ctx,
    input:
      position === null
        ? { by: 'time', room: name, since: new Date(now.getTime() - LOOKBACK_MS) }
        : { by: 'position', room: name, afterSeq: position > OVERLAP ? position - OVERLAP : 0n },
  })
  return { ok: true, serverNowMs: now.getTime(), events: complete ? events.map(toWire) : [], resync: !complete }
}

/** A session that ended, a person who was removed or moved to another organisation: out, to come back with what they have now. */
async function recheckGuests(io: Server): Promise<void> {
  for (const socket of io.sockets.sockets.values()) {
    try {
      const guest = await admit(socket)
      const known = (socket as GuestSocket).data.guest
      if (!guest || guest.orgId !== known.orgId || guest.userId !== known.userId) socket.disconnect(true)
      else socket.data.guest = guest
    } catch (error) {
      log('recheck-failed', error)
    }
  }
}
