import type { ReactNode } from 'react'
import { cn } from './cn'

/** Decorative: the control itself carries aria-keyshortcuts. */
export function Kbd({ children, className }: { children: ReactNode; className?: string }) {
  return (
    <kbd
      aria-hidden="true"
      className={cn('rounded border border-line bg-surface px-1 font-mono text-[11px] leading-4 text-muted', className)}
    >
      {children}
    </kbd>
  )
}
