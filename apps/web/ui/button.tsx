import { cva, type VariantProps } from 'class-variance-authority'
import { Slot } from 'radix-ui'
import type { ComponentProps, MouseEvent } from 'react'
import { cn } from './cn'
import { Spinner } from './spinner'

const button = cva(
  'inline-flex items-center justify-center gap-1.5 rounded-md border font-normal whitespace-nowrap select-none transition-colors duration-100 aria-disabled:opacity-55 disabled:opacity-55 max-desk:min-h-11',
  {
    variants: {
      variant: {
        primary: 'border-info bg-info font-semibold text-on hover:opacity-90',
        secondary: 'border-control bg-raised text-fg hover:bg-surface',
        ghost: 'border-transparent bg-transparent text-fg hover:bg-pend-tint',
        danger: 'border-crit bg-raised text-crit hover:bg-crit-tint',
        quiet: 'border-transparent bg-transparent text-muted hover:bg-pend-tint hover:text-fg',
      },
      size: {
        sm: 'min-h-7 px-2 text-sm',
        md: 'min-h-8 px-3 text-base',
        lg: 'min-h-11 px-4 text-md',
        icon: 'size-8 p-0 max-desk:size-11',
        'icon-sm': 'size-7 p-0 max-desk:size-11',
      },
    },
    defaultVariants: { variant: 'secondary', size: 'md' },
  },
)

export type ButtonProps = ComponentProps<'button'> &
  VariantProps<typeof button> & { asChild?: boolean; pending?: boolean }

/**
 * `aria-disabled` rather than `disabled` where a reason stands beside the button: it keeps focus and is announced,
 * and a click on it does nothing. `pending` shows a spinner and ignores clicks.
 */
export function Button({
  className,
  variant,
  size,
  asChild = false,
  pending = false,
  type = 'button',
  onClick,
  children,
  ...props
}: ButtonProps) {
  const inert = pending || props['aria-disabled'] === true || props['aria-disabled'] === 'true'
  const classes = cn(button({ variant, size }), className)
  if (asChild) {
    return (
      <Slot.Root className={classes} onClick={onClick} {...props}>
        {children}
      </Slot.Root>
    )
  }
  const handleClick = (event: MouseEvent<HTMLButtonElement>) => {
    if (inert) {
      event.preventDefault()
      return
    }
    onClick?.(event)
  }
  return (
    <button
      type={type}
      className={classes}
      {...props}
      aria-disabled={inert || undefined}
      aria-busy={pending || undefined}
      onClick={handleClick}
    >
      {pending ? <Spinner /> : null}
      {children}
    </button>
  )
}
