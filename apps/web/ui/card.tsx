import { useId, type ReactNode } from 'react'
import { cn } from './cn'

type CardProps = {
  title: ReactNode
  /** Muted text beside the title: "8,000 GPUs · 4 s ago". */
  note?: ReactNode
  actions?: ReactNode
  children: ReactNode
  className?: string
  bodyClassName?: string
  headingLevel?: 2 | 3
}

/** A titled section: 1-px border, no shadow. */
export function Card({ title, note, actions, children, className, bodyClassName, headingLevel = 2 }: CardProps) {
  const id = useId()
  const Heading = headingLevel === 2 ? 'h2' : 'h3'
  return (
    <section aria-labelledby={id} className={cn('panel min-w-0', className)}>
      <header className="flex flex-wrap items-center gap-x-2 gap-y-1 border-b border-line px-3 py-2.5">
        <Heading id={id} className="text-base font-semibold">
          {title}
        </Heading>
        {note ? <span className="text-sm text-muted">{note}</span> : null}
        {actions ? <div className="ml-auto flex flex-wrap items-center gap-2">{actions}</div> : null}
      </header>
      <div className={cn('px-3 py-2.5', bodyClassName)}>{children}</div>
    </section>
  )
}

/** A figure with its label. The value carries `live-value`, so that it dims when the connection is stale. */
export function Stat({
  label,
  value,
  unit,
  note,
  className,
}: {
  label: ReactNode
  value: ReactNode
  unit?: ReactNode
  note?: ReactNode
  className?: string
}) {
  return (
    <div className={cn('panel min-w-0 px-2.5 py-2', className)}>
      <div className="text-muted">{label}</div>
      <div className="live-value text-xl leading-7 font-semibold">
        {value}
        {unit ? <span className="ml-1 text-sm text-muted">{unit}</span> : null}
      </div>
      {note ? <div className="text-sm text-muted">{note}</div> : null}
    </div>
  )
}
