/**
 *             connected                 2 s                          15 s
 *   live ◀──────────────── any   live ──────▶ reconnecting ────────────────▶ stale
 *                                 browser offline: any ──▶ offline ──(online)──▶ reconnecting
 *
 * Losses under two seconds are not shown: they are normal and say nothing about the values on screen.
 */
export const RECONNECTING_AFTER_MS = 2000
export const STALE_AFTER_MS = 15_000

export type LinkState = { connected: boolean; everConnected: boolean; browserOnline: boolean; lostAtMs: number | null }
export type Connection =
  | { state: 'connecting' }
  | { state: 'live' }
  | { state: 'reconnecting'; sinceMs: number; forMs: number }
  | { state: 'stale'; sinceMs: number }
  | { state: 'offline'; sinceMs: number }

export type LinkEvent =
  | { type: 'connected' }
  | { type: 'lost'; atMs: number }
  | { type: 'browser-offline'; atMs: number }
  | { type: 'browser-online' }

export const INITIAL_LINK: LinkState = { connected: false, everConnected: false, browserOnline: true, lostAtMs: null }

export function reduceLink(link: LinkState, event: LinkEvent): LinkState {
  switch (event.type) {
    case 'connected':
      return { ...link, connected: true, everConnected: true, lostAtMs: null }
    case 'lost':
      return { ...link, connected: false, lostAtMs: link.lostAtMs ?? event.atMs }
    case 'browser-offline':
      return { ...link, browserOnline: false, lostAtMs: link.lostAtMs ?? event.atMs }
    case 'browser-online':
      return { ...link, browserOnline: true, lostAtMs: link.connected ? null : link.lostAtMs }
  }
}

export function connectionAt(link: LinkState, nowMs: number): Connection {
  const sinceMs = link.lostAtMs ?? nowMs
  const forMs = nowMs - sinceMs
  if (!link.browserOnline) return { state: 'offline', sinceMs }
  if (link.connected) return { state: 'live' }
  if (link.lostAtMs !== null && forMs >= STALE_AFTER_MS) return { state: 'stale', sinceMs }
  if (!link.everConnected) return { state: 'connecting' }
  if (forMs < RECONNECTING_AFTER_MS) return { state: 'live' }
  return { state: 'reconnecting', sinceMs, forMs }
}

/** Values on screen may no longer be true. */
export function isStale(connection: Connection): boolean {
  return connection.state === 'stale' || connection.state === 'offline'
}
