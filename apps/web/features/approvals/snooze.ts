'use client'
import { useSyncExternalStore } from 'react'

/** Snoozed plans are only out of this browser's list; they expire when they expire, and others see them. */
const KEY = 'cb.snoozed'
const NONE: Readonly<Record<string, number>> = {}
const listeners = new Set<() => void>()
let cache: { raw: string | null; value: Readonly<Record<string, number>> } = { raw: null, value: NONE }

function read(): Readonly<Record<string, number>> {
  const raw = localStorage.getItem(KEY)
  if (raw === cache.raw) return cache.value
  let value: Record<string, number> = {}
  try {
    const parsed: unknown = JSON.parse(raw ?? '{}')
    if (typeof parsed === 'object' && parsed !== null)
      value = Object.fromEntries(
        Object.entries(parsed).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
      )
  } catch {
    value = {}
  }
  cache = { raw, value }
  return value
}

/** Those whose time is over are forgotten on the way. */
export function snooze(planId: string, untilMs: number, nowMs: number): void {
  const kept = Object.fromEntries(Object.entries(read()).filter(([, knownMs]) => knownMs > nowMs))
  localStorage.setItem(KEY, JSON.stringify({ ...kept, [planId]: untilMs }))
  for (const listener of listeners) listener()
}

export function wakeAll(): void {
  localStorage.removeItem(KEY)
  for (const listener of listeners) listener()
}

export function useSnoozed(): Readonly<Record<string, number>> {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    read,
    () => NONE,
  )
}
