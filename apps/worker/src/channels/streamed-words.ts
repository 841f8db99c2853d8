import type { Bell } from '@clawbernetes/services/log/subscribe'

/** Words of answers that are being written, by thread. Lost without harm: the stored answer takes their place. */
const words = new Map<string, { messageId: string; text: string }>()
const MAX_THREADS = 200
const MAX_CHARS = 20_000

export function hearWords(bell: Extract<Bell, { topic: 'delta' }>): void {
  const known = words.get(bell.threadId)
  const before = known?.messageId === bell.messageId ? known.text : ''
  // A piece that does not join what is there was missed in part: what is shown stays until the next whole one.
  if (bell.at !== before.length) return
  if (words.size >= MAX_THREADS && !known) words.clear()
  words.set(bell.threadId, { messageId: bell.messageId, text: (before + bell.text).slice(0, MAX_CHARS) })
}

export const streamedWords = (threadId: string): string => words.get(threadId)?.text ?? ''
