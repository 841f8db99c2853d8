'use client'
import { useEffect, useSyncExternalStore } from 'react'
import { onDelta } from '@/features/live/socket'
import { applyDelta, hasHole, rebase, startText, type StreamedText } from './stream-text'

/** Words reach the screen at most 30 times a second, however fast they come. */
const FLUSH_MS = 33

const texts = new Map<string, StreamedText>()
const listeners = new Map<string, Set<() => void>>()
const dirty = new Set<string>()
let flushTimer: ReturnType<typeof setTimeout> | null = null
let stop: (() => void) | null = null

function flush(): void {
  flushTimer = null
  const changed = [...dirty]
  dirty.clear()
  for (const id of changed) for (const listener of listeners.get(id) ?? []) listener()
}

function markDirty(messageId: string): void {
  dirty.add(messageId)
  flushTimer ??= setTimeout(flush, FLUSH_MS)
}

function watch(messageId: string, listener: () => void): () => void {
  const set = listeners.get(messageId) ?? new Set()
  listeners.set(messageId, set.add(listener))
  stop ??= onDelta((delta) => {
    texts.set(delta.messageId, applyDelta(texts.get(delta.messageId) ?? startText(''), delta))
    markDirty(delta.messageId)
  })
  return () => {
    set.delete(listener)
    if (set.size > 0) return
    listeners.delete(messageId)
    texts.delete(messageId)
    if (listeners.size > 0) return
    stop?.()
    stop = null
  }
}

/** The words of a message so far: what is stored plus what arrived since. `onHole` asks for a fresh read. */
export function useStreamedText(message: { id: string; text: string; state: string }, onHole: () => void): string {
  const streaming = message.state === 'streaming'
  const live = useSyncExternalStore(
    (listener) => (streaming ? watch(message.id, listener) : () => {}),
    () => texts.get(message.id),
    () => undefined,
  )
  const merged = streaming && live ? rebase(live, message.text) : null
  const holed = merged !== null && hasHole(merged)
  useEffect(() => {
    if (!holed) return
    const timer = setTimeout(onHole, 300)
    return () => clearTimeout(timer)
  }, [holed, onHole])
  return merged?.text ?? message.text
}
