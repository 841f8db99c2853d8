import type { ReactNode } from 'react'
import { cn } from './cn'

export function Disclosure({
  summary,
  children,
  open,
  className,
}: {
  summary: ReactNode
  children: ReactNode
  open?: boolean
  className?: string
}) {
  return (
    <details open={open} className={cn('group min-w-0', className)}>
      <summary className="flex min-h-7 list-none items-center gap-1.5 text-base marker:content-none max-desk:min-h-11 [&::-webkit-details-marker]:hidden">
        <span aria-hidden="true" className="inline-block text-xs text-muted group-open:rotate-90">
          ▶
        </span>
        {summary}
      </summary>
      <div className="mt-1 min-w-0">{children}</div>
    </details>
  )
}

/** Machine text: commands, diffs, logs. Focusable, because it scrolls. */
export function CodeBlock({ label, children, className }: { label: string; children: ReactNode; className?: string }) {
  return (
    <pre
      tabIndex={0}
      aria-label={label}
      role="group"
      className={cn(
        'relative overflow-x-auto rounded-sm border border-line bg-surface p-2 font-mono text-xs leading-[18px]',
        className,
      )}
    >
      {children}
    </pre>
  )
}
