'use client'
import { useEffect, useSyncExternalStore } from 'react'
import type { MessageDelta } from '@/features/live/messages'
import { onDelta } from '@/features/live/socket'
import { applyDelta, hasHole, rebase, shownText, startText, type StreamedText } from './stream-text'

/** Words reach the screen at most 30 times a second, however fast they come. */
const FLUSH_MS = 33

/** Messages being written that are remembered; the words of one may come before the message itself is known here. */
const REMEMBERED = 20

const texts = new Map<string, StreamedText>()
const listeners = new Map<string, Set<() => void>>()
const dirty = new Set<string>()
let flushTimer: ReturnType<typeof setTimeout> | null = null

function hear(delta: MessageDelta): void {
  const known = texts.get(delta.messageId) ?? startText('')
  texts.delete(delta.messageId)
  texts.set(delta.messageId, applyDelta(known, delta))
  const oldest = texts.keys().next().value
  if (texts.size > REMEMBERED && oldest !== undefined) texts.delete(oldest)
  dirty.add(delta.messageId)
  flushTimer ??= setTimeout(flush, FLUSH_MS)
}

function flush(): void {
  flushTimer = null
  const changed = [...dirty]
  dirty.clear()
  for (const id of changed) for (const listener of listeners.get(id) ?? []) listener()
}

function watch(messageId: string, listener: () => void): () => void {
  const set = listeners.get(messageId) ?? new Set()
  listeners.set(messageId, set.add(listener))
  return () => {
    set.delete(listener)
    if (set.size === 0) listeners.delete(messageId)
  }
}

/** Listens for words as long as a conversation is open. */
export function useStream(): void {
  useEffect(() => onDelta(hear), [])
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
  return merged === null ? message.text : shownText(merged)
}
