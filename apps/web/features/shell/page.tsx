import type { ReactNode } from 'react'
import { cn } from '@/ui/cn'
import { AskButton } from './ask-button'
import type { ChatContextChip } from './chat-dock'
import { PagePresence } from './page-presence'

/** The inside of `main`: one h1, the page's actions at the right, then its panels. */
export function Page({
  title,
  breadcrumb,
  actions,
  ask,
  children,
  className,
}: {
  title: ReactNode
  breadcrumb?: ReactNode
  actions?: ReactNode
  /** What "Ask about this" hands to chat; null where the page's own actions do. Without it the page itself is asked about. */
  ask?: { text: string; chips?: ChatContextChip[] } | null
  children: ReactNode
  className?: string
}) {
  const about = ask === undefined && typeof title === 'string' ? { text: `What should I know about ${title}?` } : ask
  return (
    <div className={cn('grid min-w-0 grid-cols-[minmax(0,1fr)] gap-3 p-4 max-desk:p-3', className)}>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <div className="min-w-0">
          {breadcrumb ? <div className="text-sm text-muted">{breadcrumb}</div> : null}
          <h1 className="text-lg font-semibold">{title}</h1>
        </div>
        <div className="ml-auto flex flex-wrap items-center gap-2">
          <PagePresence />
          {about ? <AskButton text={about.text} chips={about.chips} /> : null}
          {actions}
        </div>
      </div>
      {children}
    </div>
  )
}
