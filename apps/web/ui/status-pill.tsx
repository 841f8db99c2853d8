import type { ReactNode } from 'react'
import { cn } from './cn'

export type Tone = 'ok' | 'warn' | 'crit' | 'info' | 'pend' | 'none' | 'agent'

/** A shape of its own for every tone: status must survive without colour. */
export const TONE_SHAPE: Record<Tone, string> = {
  ok: '●',
  warn: '▲',
  crit: '◆',
  info: '■',
  pend: '◷',
  none: '○',
  agent: '✦',
}

const TONE_CLASS: Record<Tone, string> = {
  ok: 'bg-ok-tint text-ok',
  warn: 'bg-warn-tint text-warn',
  crit: 'bg-crit-tint text-crit',
  info: 'bg-info-tint text-info',
  pend: 'bg-pend-tint text-pend',
  none: 'bg-pend-tint text-pend',
  agent: 'bg-agent-tint text-agent',
}

export const TONE_TEXT: Record<Tone, string> = {
  ok: 'text-ok',
  warn: 'text-warn',
  crit: 'text-crit',
  info: 'text-info',
  pend: 'text-pend',
  none: 'text-pend',
  agent: 'text-agent',
}

type StatusPillProps = { tone: Tone; shape?: string; children: ReactNode; className?: string; title?: string }

export function StatusPill({ tone, shape = TONE_SHAPE[tone], children, className, title }: StatusPillProps) {
  return (
    <span
      title={title}
      className={cn(
        'badge inline-flex items-center gap-1.5 rounded-full px-2 py-px text-xs leading-[18px] whitespace-nowrap',
        TONE_CLASS[tone],
        className,
      )}
    >
      <span aria-hidden="true">{shape}</span>
      {children}
    </span>
  )
}

/** Shape and word without the tint, for dense tables. */
export function StatusText({ tone, shape = TONE_SHAPE[tone], children, className }: StatusPillProps) {
  return (
    <span className={cn('inline-flex items-center gap-1.5 whitespace-nowrap', TONE_TEXT[tone], className)}>
      <span aria-hidden="true">{shape}</span>
      {children}
    </span>
  )
}
