import type { ReactNode } from 'react'
import { cn } from '@/ui/cn'

/** The inside of `main`: one h1, the page's actions at the right, then its panels. */
export function Page({
  title,
  breadcrumb,
  actions,
  children,
  className,
}: {
  title: ReactNode
  breadcrumb?: ReactNode
  actions?: ReactNode
  children: ReactNode
  className?: string
}) {
  return (
    <div className={cn('grid min-w-0 gap-3 p-4 max-desk:p-3', className)}>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <div className="min-w-0">
          {breadcrumb ? <div className="text-sm text-muted">{breadcrumb}</div> : null}
          <h1 className="text-lg font-semibold">{title}</h1>
        </div>
        {actions ? <div className="ml-auto flex flex-wrap items-center gap-2">{actions}</div> : null}
      </div>
      {children}
    </div>
  )
}
