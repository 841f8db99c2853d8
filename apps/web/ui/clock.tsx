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

export function setServerTime(serverNowMs: number): void {
  offsetMs = serverNowMs - Date.now()
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

export function RelativeTime({ value, className }: { value: TimeInput; className?: string }) {
  const now = useSyncExternalStore<number | null>(subscribe, getAgesNow, () => null)
  const date = new Date(value)
  const iso = Number.isNaN(date.getTime()) ? undefined : date.toISOString()
  return (
    <time
      dateTime={iso}
      title={now === null ? iso : formatAbsolute(date, now, { seconds: true, zone: true })}
      className={className}
    >
      {now === null ? (iso ? formatTimeOfDay(date, { timeZone: 'UTC', zone: true }) : '—') : formatRelative(date, now)}
    </time>
  )
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
  const now = useNow()
  const date = new Date(value)
  const iso = Number.isNaN(date.getTime()) ? undefined : date.toISOString()
  const sameDay = now !== null && new Date(now).toDateString() === date.toDateString()
  const text =
    now === null
      ? formatTimeOfDay(date, { timeZone: 'UTC', zone: true, seconds })
      : sameDay
        ? formatTimeOfDay(date, { seconds })
        : formatAbsolute(date, now, { seconds })
  return (
    <time dateTime={iso} title={iso} className={className}>
      {text}
    </time>
  )
}
