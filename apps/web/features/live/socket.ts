'use client'
import { io, type Socket } from 'socket.io-client'
import { setClockFrozen, setServerTime } from '@/ui/clock'
import {
  connectionAt,
  INITIAL_LINK,
  isStale,
  reduceLink,
  type Connection,
  type LinkEvent,
  type LinkState,
} from './connection-state'
import type { FleetFrame } from '@clawbernetes/protocol/views/fleet'
import type { MessageDelta, PresentPerson, RoomEvent, SubscribeReply } from './messages'
import { RoomPosition } from './room-position'

/**
 * The one socket of the page. It only rings the bell: an event says what changed in which room and under which sequence
 * number, and the screens read the truth over HTTP. Every (re)join sends the last number seen and gets what was missed,
 * or word that a fresh read is needed.
 */
type RoomListener = { onEvent: (event: RoomEvent) => void; onResync: () => void }
type RoomState = { listeners: Set<RoomListener>; position: RoomPosition }
export type FrameListener = (room: string, frame: FleetFrame) => void

const rooms = new Map<string, RoomState>()
const frameListeners = new Set<FrameListener>()
const deltaListeners = new Set<(delta: MessageDelta) => void>()
const presenceListeners = new Set<() => void>()
const connectionListeners = new Set<() => void>()
let presence: PresentPerson[] = []
const looking = new Map<string, number>()
let lookingTimer: ReturnType<typeof setTimeout> | null = null
let socket: Socket | null = null
let link: LinkState = INITIAL_LINK
let snapshot: Connection = { state: 'connecting' }
let missedEvents = 0
const REFUSED_RETRY_MS = 5000
let stateTimer: ReturnType<typeof setInterval> | null = null

function publish(): void {
  const next = connectionAt(link, Date.now())
  const changed = next.state !== snapshot.state || next.state === 'reconnecting'
  if (changed) {
    snapshot = next
    setClockFrozen(isStale(next))
    for (const listener of connectionListeners) listener()
  }
}

function apply(event: LinkEvent): void {
  link = reduceLink(link, event)
  publish()
}

function join(name: string, room: RoomState): void {
  const cameBack = room.position.seq !== null
  socket?.emit('subscribe', { room: name, sinceSeq: room.position.seq }, (reply: SubscribeReply) => {
    if (!reply.ok) return
    setServerTime(reply.serverNowMs)
    for (const event of reply.events) {
      if (hear(room, event) && cameBack) missedEvents += 1
    }
    if (reply.resync) for (const listener of room.listeners) listener.onResync()
  })
}

function hear(room: RoomState, event: RoomEvent): boolean {
  if (!room.position.accept(event.seq)) return false
  for (const listener of room.listeners) listener.onEvent(event)
  return true
}

function onEvent(event: RoomEvent): void {
  const room = rooms.get(event.room)
  if (room) hear(room, event)
}

/** The server did not hear everything: all rooms read afresh. */
function onGap(): void {
  for (const room of rooms.values()) for (const listener of room.listeners) listener.onResync()
}

/** The wire gives ArrayBuffers; readers get the type of the protocol. */
const bytes = (part: ArrayBuffer | Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> =>
  part instanceof Uint8Array ? part : new Uint8Array(part)

function onFrame(room: string, frame: FleetFrame): void {
  const { util, mem, temp, power, state } = frame
  const readable = {
    ...frame,
    util: bytes(util),
    mem: bytes(mem),
    temp: bytes(temp),
    power: bytes(power),
    state: bytes(state),
  }
  for (const listener of frameListeners) listener(room, readable)
}

/** After a refusal by the server socket.io does not come back by itself. */
function comeBack(): void {
  if (socket && !socket.active) setTimeout(() => socket?.connect(), REFUSED_RETRY_MS)
}

export function startSocket(): () => void {
  if (socket) return () => {}
  socket = io({
    path: '/realtime',
    transports: ['websocket', 'polling'],
    reconnectionDelayMax: 5000,
    withCredentials: true,
  })
  socket.on('connect', () => {
    missedEvents = 0
    apply({ type: 'connected' })
    for (const [name, room] of rooms) join(name, room)
    if (looking.size > 0) tellLooking()
    if (frameListeners.size > 0) socket?.emit('watch')
  })
  const lost = () => {
    apply({ type: 'lost', atMs: Date.now() })
    comeBack()
  }
  socket.on('disconnect', lost)
  socket.on('connect_error', lost)
  socket.on('event', onEvent)
  socket.on('gap', onGap)
  socket.on('frame', onFrame)
  socket.on('delta', (delta: MessageDelta) => {
    for (const listener of deltaListeners) listener(delta)
  })
  socket.on('presence', (people: PresentPerson[]) => {
    presence = people
    for (const listener of presenceListeners) listener()
  })
  const online = () => apply({ type: 'browser-online' })
  const offline = () => apply({ type: 'browser-offline', atMs: Date.now() })
  window.addEventListener('online', online)
  window.addEventListener('offline', offline)
  if (!navigator.onLine) offline()
  stateTimer = setInterval(publish, 1000)
  return () => {
    window.removeEventListener('online', online)
    window.removeEventListener('offline', offline)
    if (stateTimer !== null) clearInterval(stateTimer)
    socket?.close()
    socket = null
    link = INITIAL_LINK
    snapshot = { state: 'connecting' }
  }
}

export function subscribeRoom(name: string, listener: RoomListener): () => void {
  let room = rooms.get(name)
  if (!room) {
    room = { listeners: new Set(), position: new RoomPosition() }
    rooms.set(name, room)
    if (socket?.connected) join(name, room)
  }
  const joined = room
  joined.listeners.add(listener)
  return () => {
    joined.listeners.delete(listener)
    if (joined.listeners.size > 0) return
    rooms.delete(name)
    socket?.emit('unsubscribe', { room: name })
  }
}

/** Telemetry frames come only while somebody asks; the server stops reading when nobody does. */
export function watchFrames(listener: FrameListener): () => void {
  if (frameListeners.size === 0) socket?.emit('watch')
  frameListeners.add(listener)
  return () => {
    frameListeners.delete(listener)
    if (frameListeners.size === 0) socket?.emit('unwatch')
  }
}

export function getConnection(): Connection {
  return snapshot
}

export function subscribeConnection(listener: () => void): () => void {
  connectionListeners.add(listener)
  return () => connectionListeners.delete(listener)
}

/** Events replayed at the last reconnect, for "Back online · 14 changes". */
export function getMissedEvents(): number {
  return missedEvents
}

export function onDelta(listener: (delta: MessageDelta) => void): () => void {
  deltaListeners.add(listener)
  return () => deltaListeners.delete(listener)
}

export function getPresence(): PresentPerson[] {
  return presence
}

export function subscribePresence(listener: () => void): () => void {
  presenceListeners.add(listener)
  return () => presenceListeners.delete(listener)
}

const LOOKING_GATHER_MS = 100

function tellLooking(): void {
  lookingTimer = null
  socket?.emit('look', [...looking.keys()])
}

/** Says to colleagues what this person has on screen, until the returned function is called. Several may say the same. */
export function lookAt(subject: string): () => void {
  const change = (by: 1 | -1) => {
    const count = (looking.get(subject) ?? 0) + by
    if (count > 0) looking.set(subject, count)
    else looking.delete(subject)
    lookingTimer ??= setTimeout(tellLooking, LOOKING_GATHER_MS)
  }
  change(1)
  return () => change(-1)
}
