'use client'
import type { MessageView } from '@clawbernetes/protocol/views/chat'
import { useEffect, useSyncExternalStore } from 'react'
import type { MessageDelta } from '@/features/live/messages'
import { onDelta } from '@/features/live/socket'
import { applyDelta, hasHole, rebase, shownText, startText, type StreamedText } from './stream-text'

/** Words reach the screen at most 30 times a second, however fast they come. */
const FLUSH_MS = 33

/** Messages being written that are remembered; the words of one may come before the message itself is known here. */
const REMEMBERED = 20

const texts = new Map<string, StreamedText>()
/** Per conversation the answer whose words came before the answer itself. */
const early = new Map<string, MessageView>()
const listeners = new Map<string, Set<() => void>>()
const dirty = new Set<string>()
let flushTimer: ReturnType<typeof setTimeout> | null = null
let flushedAt = 0

function hear(delta: MessageDelta): void {
  const known = texts.get(delta.messageId) ?? startText('')
  texts.delete(delta.messageId)
  texts.set(delta.messageId, applyDelta(known, delta))
  const oldest = texts.keys().next().value
  if (texts.size > REMEMBERED && oldest !== undefined) texts.delete(oldest)
  dirty.add(delta.messageId)
  if (delta.run) {
    early.set(delta.threadId, earlyMessage(delta, delta.run))
    dirty.add(delta.threadId)
  }
  if (flushTimer !== null) return
  // The first words do not wait; those that follow them at once do.
  const restMs = flushedAt + FLUSH_MS - performance.now()
  if (restMs <= 0) flush()
  else flushTimer = setTimeout(flush, restMs)
}

/** What is known of an answer before it is stored: its steps; its words are in `texts`. */
const earlyMessage = (delta: MessageDelta, run: NonNullable<MessageDelta['run']>): MessageView => ({
  id: delta.messageId,
  threadId: delta.threadId,
  seq: Number.MAX_SAFE_INTEGER,
  role: 'agent',
  author: null,
  text: '',
  blocks: [],
  state: 'streaming',
  error: null,
  channel: 'web',
  runId: run.id,
  toolCalls: run.steps.map((step) => ({ ...step, args: {}, resultPreview: null, error: null, untrusted: false })),
  planner: null,
  durationMs: null,
  createdAt: new Date(Date.now()).toISOString(),
  version: 0,
  context: null,
})

function flush(): void {
  flushTimer = null
  flushedAt = performance.now()
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

/** The answer that this conversation is about to have, from its first words until it is stored. */
export function useEarlyMessage(threadId: string | null, messages: readonly MessageView[]): MessageView | null {
  const message = useSyncExternalStore(
    (listener) => (threadId === null ? () => {} : watch(threadId, listener)),
    () => (threadId === null ? undefined : early.get(threadId)),
    () => undefined,
  )
  if (!message) return null
  const stored = messages.some((known) => known.id === message.id || known.runId === message.runId)
  return stored ? null : message
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
