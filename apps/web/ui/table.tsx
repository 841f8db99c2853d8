import type { ComponentProps, ReactNode } from 'react'
import { cn } from './cn'

/** The scroll box is focusable and named, so that keyboard users can reach columns beyond the edge. */
export function Table({ label, className, children, ...props }: ComponentProps<'table'> & { label: string }) {
  return (
    <div
      role="group"
      aria-label={`${label}, scrollable`}
      tabIndex={0}
      // Words for screen readers are placed absolutely: here, so that they never make the page wider.
      className="relative overflow-x-auto focus-visible:-outline-offset-2"
    >
      <table
        aria-label={label}
        className={cn('w-full border-collapse text-sm [&_tbody>tr:last-child>td]:border-b-0', className)}
        {...props}
      >
        {children}
      </table>
    </div>
  )
}

export function TableHead({ children }: { children: ReactNode }) {
  return <thead>{children}</thead>
}

export function Th({ numeric = false, className, ...props }: ComponentProps<'th'> & { numeric?: boolean }) {
  return (
    <th
      scope="col"
      className={cn(
        'border-b border-line px-2 py-1.5 whitespace-nowrap text-muted',
        numeric ? 'text-right' : 'text-left',
        className,
      )}
      {...props}
    />
  )
}

export function Td({ numeric = false, className, ...props }: ComponentProps<'td'> & { numeric?: boolean }) {
  return (
    <td
      className={cn(
        'h-10 border-b border-line px-2 py-1 align-middle desk:h-8',
        numeric ? 'live-value text-right whitespace-nowrap' : 'text-left',
        className,
      )}
      {...props}
    />
  )
}
