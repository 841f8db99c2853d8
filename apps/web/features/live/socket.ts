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
import type { MessageDelta, PresentPerson, RoomEvent, SubscribeReply } from './messages'

/**
 * The one socket of the page. It only rings the bell: an event says what changed in which room and under which sequence
 * number, and the screens read the truth over HTTP. Every (re)join sends the last number seen and gets what was missed,
 * or word that a fresh read is needed.
 */
type RoomListener = { onEvent: (event: RoomEvent) => void; onResync: () => void }
type RoomState = { listeners: Set<RoomListener>; seq: number | null }
export type FrameListener = (room: string, frame: ArrayBuffer) => void

const rooms = new Map<string, RoomState>()
const frameListeners = new Set<FrameListener>()
const deltaListeners = new Set<(delta: MessageDelta) => void>()
const presenceListeners = new Set<() => void>()
const connectionListeners = new Set<() => void>()
let presence: PresentPerson[] = []
let socket: Socket | null = null
let link: LinkState = INITIAL_LINK
let snapshot: Connection = { state: 'connecting' }
let missedEvents = 0
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
  socket?.emit('subscribe', { room: name, sinceSeq: room.seq }, (reply: SubscribeReply) => {
    if (!reply.ok) return
    setServerTime(reply.serverNowMs)
    const resync = reply.resync && room.seq !== null
    room.seq = reply.seq
    missedEvents += reply.events.length
    for (const event of reply.events) deliver(room, event)
    if (resync) for (const listener of room.listeners) listener.onResync()
  })
}

function deliver(room: RoomState, event: RoomEvent): void {
  for (const listener of room.listeners) listener.onEvent(event)
}

function onEvent(event: RoomEvent): void {
  const room = rooms.get(event.room)
  if (!room) return
  if (room.seq !== null && event.seq <= room.seq) return
  room.seq = event.seq
  deliver(room, event)
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
  })
  const lost = () => apply({ type: 'lost', atMs: Date.now() })
  socket.on('disconnect', lost)
  socket.on('connect_error', lost)
  socket.on('event', onEvent)
  socket.on('frame', (room: string, frame: ArrayBuffer) => {
    for (const listener of frameListeners) listener(room, frame)
  })
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
    room = { listeners: new Set(), seq: null }
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
export function watchFrames(room: string, listener: FrameListener): () => void {
  frameListeners.add(listener)
  const start = () => socket?.emit('watch', { room })
  start()
  socket?.on('connect', start)
  return () => {
    frameListeners.delete(listener)
    socket?.off('connect', start)
    socket?.emit('unwatch', { room })
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
