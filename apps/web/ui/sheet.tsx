'use client'
import { X } from 'lucide-react'
import { Dialog as Primitive } from 'radix-ui'
import type { ReactNode } from 'react'
import { Button } from './button'
import { cn } from './cn'

/** A panel from the right edge, the whole width on phones. Same focus rules as a dialog. */
export function Sheet({
  open,
  onOpenChange,
  title,
  children,
  className,
}: {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: ReactNode
  children: ReactNode
  className?: string
}) {
  return (
    <Primitive.Root open={open} onOpenChange={onOpenChange}>
      <Primitive.Portal>
        <Primitive.Overlay className="fade-in fixed inset-0 z-40 bg-[rgb(11_15_20/0.4)]" />
        <Primitive.Content
          aria-describedby={undefined}
          className={cn(
            'slide-up fixed inset-y-0 right-0 z-50 flex w-full flex-col border-l border-line bg-bg shadow-overlay desk:w-[480px]',
            className,
          )}
        >
          <div className="flex items-center gap-2 border-b border-line px-4 py-2">
            <Primitive.Title className="min-w-0 flex-1 truncate text-md font-semibold">{title}</Primitive.Title>
            <Primitive.Close asChild>
              <Button variant="quiet" size="icon" aria-label="Close panel">
                <X aria-hidden="true" className="size-4" />
              </Button>
            </Primitive.Close>
          </div>
          <div className="min-h-0 flex-1 overflow-y-auto p-4">{children}</div>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  )
}
