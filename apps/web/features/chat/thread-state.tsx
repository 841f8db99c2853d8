import type { ThreadView } from '@clawbernetes/protocol/views/chat'
import { THREAD_STATE_WORDS } from '@clawbernetes/protocol/views/state-words'
import { StatusText, type Tone } from '@/ui/status-pill'

const STATES = {
  idle: null,
  running: { tone: 'info', shape: '◐', word: THREAD_STATE_WORDS.running },
  'needs-approval': { tone: 'warn', shape: '◷', word: THREAD_STATE_WORDS['needs-approval'] },
  failed: { tone: 'crit', shape: '◆', word: THREAD_STATE_WORDS.failed },
} as const satisfies Record<ThreadView['state'], { tone: Tone; shape: string; word: string } | null>

export function ThreadState({ state }: { state: ThreadView['state'] }) {
  const known = STATES[state]
  return known ? (
    <StatusText tone={known.tone} shape={known.shape} className="text-xs">
      {known.word}
    </StatusText>
  ) : null
}

/** Something came since this person last looked. */
export function UnreadMark({ label }: { label: string }) {
  return (
    <span className="inline-flex shrink-0 items-center">
      <span aria-hidden="true" className="size-2 rounded-full bg-info" />
      <span className="sr-only">{label}</span>
    </span>
  )
}
