import type { ReactNode } from 'react'
import { cn } from './cn'
import type { Tone } from './status-pill'

const TONE: Record<Tone, string> = {
  ok: 'bg-ok-tint text-ok',
  warn: 'bg-warn-tint text-warn',
  crit: 'bg-crit-tint text-crit',
  info: 'bg-info-tint text-info',
  pend: 'bg-pend-tint text-pend',
  none: 'bg-pend-tint text-pend',
  agent: 'bg-agent-tint text-agent',
}

/** A count or a short label; for a state use StatusPill, which has a shape. */
export function Badge({
  tone = 'pend',
  children,
  className,
}: {
  tone?: Tone
  children: ReactNode
  className?: string
}) {
  return (
    <span
      className={cn(
        'badge inline-flex min-w-5 items-center justify-center rounded-full px-1.5 text-xs leading-[18px]',
        TONE[tone],
        className,
      )}
    >
      {children}
    </span>
  )
}
