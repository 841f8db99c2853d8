import type { ReactNode } from 'react'
import { Button } from './button'
import { cn } from './cn'

type InlineErrorProps = {
  /** What failed: "The node list could not be loaded". */
  title: string
  detail?: ReactNode
  since?: ReactNode
  requestId?: string
  onRetry?: () => void
  retrying?: boolean
  /** For example "Ask agent why". */
  extraAction?: ReactNode
  className?: string
}

/** An error stays in the panel that failed; the others keep working. */
export function InlineError({
  title,
  detail,
  since,
  requestId,
  onRetry,
  retrying = false,
  extraAction,
  className,
}: InlineErrorProps) {
  return (
    <div role="alert" className={cn('rounded-md border border-crit bg-crit-tint px-3 py-2 text-fg', className)}>
      <p className="font-semibold text-crit">
        <span aria-hidden="true">◆ </span>
        {title}
      </p>
      {detail ? <p className="mt-0.5 break-words">{detail}</p> : null}
      {since || requestId ? (
        <p className="mt-0.5 text-sm">
          {since ? <>Since {since}</> : null}
          {since && requestId ? ' · ' : null}
          {requestId ? (
            <>
              Request <code className="font-mono text-xs">{requestId}</code>
            </>
          ) : null}
        </p>
      ) : null}
      {onRetry || extraAction ? (
        <div className="mt-2 flex flex-wrap gap-2">
          {onRetry ? (
            <Button size="sm" onClick={onRetry} pending={retrying}>
              Retry
            </Button>
          ) : null}
          {extraAction}
        </div>
      ) : null}
    </div>
  )
}

/** Not an error: something the reader should know about the panel below. */
export function Notice({
  tone = 'info',
  children,
  className,
}: {
  tone?: 'info' | 'warn'
  children: ReactNode
  className?: string
}) {
  return (
    <div
      className={cn(
        'rounded-md border px-3 py-2',
        tone === 'warn' ? 'border-warn bg-warn-tint' : 'border-info bg-info-tint',
        className,
      )}
    >
      <span aria-hidden="true" className={tone === 'warn' ? 'text-warn' : 'text-info'}>
        {tone === 'warn' ? '▲ ' : '■ '}
      </span>
      {children}
    </div>
  )
}
