'use client'
import { focusManager } from '@tanstack/react-query'
import { useSyncExternalStore } from 'react'
import { setRelativeTimesFrozen } from '@/ui/clock'
import type { RoomEvent } from './messages'

/**
 * A page that holds still (WCAG 2.2.2): values, charts, lists and ages stop moving until the person lets them. What asks
 * for a decision is never held back: plans, conversations, and an emergency stop.
 */
let paused = false
let held = 0
const listeners = new Set<() => void>()
const resumers = new Set<() => void>()

function tell(): void {
  for (const listener of listeners) listener()
}

export function isPaused(): boolean {
  return paused
}

export function setPaused(next: boolean): void {
  if (paused === next) return
  paused = next
  held = 0
  // Queries that ask again by the clock do so only in a focused window.
  focusManager.setFocused(next ? false : undefined)
  setRelativeTimesFrozen(next)
  tell()
  if (!next) for (const resume of resumers) resume()
}

/** True: the event waits until the page moves again. */
export function holdsBack(event: Pick<RoomEvent, 'kind'>): boolean {
  if (!paused || /^(?:plan|thread|org)\./.test(event.kind)) return false
  held += 1
  tell()
  return true
}

/** Calls back when the page moves again. */
export function onResume(resume: () => void): () => void {
  resumers.add(resume)
  return () => resumers.delete(resume)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Whether the page holds still; `held` counts the changes that wait. */
export function usePaused(): { paused: boolean; held: number } {
  const isHeld = useSyncExternalStore(
    subscribe,
    () => paused,
    () => false,
  )
  const count = useSyncExternalStore(
    subscribe,
    () => held,
    () => 0,
  )
  return { paused: isHeld, held: count }
}
