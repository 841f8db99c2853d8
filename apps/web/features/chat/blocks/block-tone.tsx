import type { ReactNode } from 'react'
import { TONE_SHAPE, TONE_TEXT, type Tone } from '@/ui/status-pill'

type BlockTone = 'ok' | 'warn' | 'critical' | 'muted'

/** Tones as blocks name them; a shape and a word stand for each, never colour alone. */
const TONES: Record<BlockTone, { tone: Tone; word: string }> = {
  ok: { tone: 'ok', word: 'good' },
  warn: { tone: 'warn', word: 'warning' },
  critical: { tone: 'crit', word: 'critical' },
  muted: { tone: 'pend', word: 'quiet' },
}

export const toneOf = (tone: BlockTone): Tone => TONES[tone].tone

export function ToneMark({ tone, className = '' }: { tone: BlockTone | null; className?: string }): ReactNode {
  if (tone === null) return null
  const known = TONES[tone]
  return (
    <span className={`${TONE_TEXT[known.tone]} ${className}`}>
      <span aria-hidden="true">{TONE_SHAPE[known.tone]}</span>
      <span className="sr-only">{known.word}: </span>
    </span>
  )
}
