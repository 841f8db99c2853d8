import type { ReactNode } from 'react'
import { cn } from './cn'

/** Says why there is nothing and offers the one next action. */
export function EmptyState({
  title,
  children,
  action,
  className,
}: {
  title: string
  children?: ReactNode
  action?: ReactNode
  className?: string
}) {
  return (
    <div className={cn('grid justify-items-center gap-2 px-4 py-10 text-center', className)}>
      <p className="text-md font-semibold">{title}</p>
      {children ? <div className="max-w-prose text-muted">{children}</div> : null}
      {action ? <div className="mt-2 flex flex-wrap justify-center gap-2">{action}</div> : null}
    </div>
  )
}
