'use client'
import { useSyncExternalStore } from 'react'
import { formatAbsolute, formatRelative, formatTimeOfDay, type TimeInput } from './format'

/**
 * One ticking clock for the page, corrected by the server's time: countdowns and "4 s ago" stay right when the
 * browser's clock is wrong. While frozen (connection lost) relative times stop rather than pretend to be live.
 */
const listeners = new Set<() => void>()
let offsetMs = 0
let frozenAtMs: number | null = null
let nowMs = 0
let agesFrozenAtMs: number | null = null
let timer: ReturnType<typeof setInterval> | null = null

/** The way of an answer takes this long; a clock that is off by less is right. */
const RIGHT_ENOUGH_MS = 500

export function setServerTime(serverNowMs: number): void {
  const nextMs = serverNowMs - Date.now()
  if (Math.abs(nextMs - offsetMs) < RIGHT_ENOUGH_MS) return
  offsetMs = nextMs
  tick()
}

export function setClockFrozen(frozen: boolean): void {
  frozenAtMs = frozen ? (frozenAtMs ?? Date.now() + offsetMs) : null
  tick()
}

/** Ages stand still while the person reads; countdowns and deadlines go on. */
export function setRelativeTimesFrozen(frozen: boolean): void {
  agesFrozenAtMs = frozen ? Date.now() + offsetMs : null
  tick()
}

/** The server's time as known now; for events, not for rendering. */
export function serverNow(): number {
  return Date.now() + offsetMs
}

function tick(): void {
  nowMs = frozenAtMs ?? Date.now() + offsetMs
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  if (timer === null) {
    nowMs = frozenAtMs ?? Date.now() + offsetMs
    timer = setInterval(tick, 1000)
  }
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0 && timer !== null) {
      clearInterval(timer)
      timer = null
    }
  }
}

function getNow(): number {
  if (nowMs === 0) nowMs = Date.now() + offsetMs
  return nowMs
}

/** Null while rendering on the server, where a relative time would be wrong by the time it is read. */
export function useNow(): number | null {
  return useSyncExternalStore<number | null>(subscribe, getNow, () => null)
}

function getAgesNow(): number {
  return agesFrozenAtMs ?? getNow()
}

/** Drawn anew when its words change, not with every tick. */
export function RelativeTime({ value, className }: { value: TimeInput; className?: string }) {
  const date = new Date(value)
  const iso = Number.isNaN(date.getTime()) ? undefined : date.toISOString()
  const words = useSyncExternalStore<string | null>(
    subscribe,
    () => formatRelative(date, getAgesNow()),
    () => null,
  )
  return (
    <time
      dateTime={iso}
      title={words === null ? iso : formatAbsolute(date, getNow(), { seconds: true, zone: true })}
      className={className}
    >
      {words ?? (iso ? formatTimeOfDay(date, { timeZone: 'UTC', zone: true }) : '—')}
    </time>
  )
}

let today = { fromMs: 0, untilMs: 0 }

/** Whether a moment is on the day that it is now, where the reader is. */
function isToday(ms: number): boolean {
  const now = getNow()
  if (now < today.fromMs || now >= today.untilMs) {
    const start = new Date(now).setHours(0, 0, 0, 0)
    const next = new Date(start)
    next.setDate(next.getDate() + 1)
    today = { fromMs: start, untilMs: next.getTime() }
  }
  return ms >= today.fromMs && ms < today.untilMs
}

export function ClockTime({
  value,
  seconds = false,
  className,
}: {
  value: TimeInput
  seconds?: boolean
  className?: string
}) {
  const date = new Date(value)
  const iso = Number.isNaN(date.getTime()) ? undefined : date.toISOString()
  const sameDay = useSyncExternalStore<boolean | null>(
    subscribe,
    () => isToday(date.getTime()),
    () => null,
  )
  const text =
    sameDay === null
      ? formatTimeOfDay(date, { timeZone: 'UTC', zone: true, seconds })
      : sameDay
        ? formatTimeOfDay(date, { seconds })
        : formatAbsolute(date, getNow(), { seconds })
  return (
    <time dateTime={iso} title={iso} className={className}>
      {text}
    </time>
  )
}
