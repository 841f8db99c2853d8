'use client'
import { useId, type ComponentProps, type ReactNode } from 'react'
import { cn } from './cn'

export const inputClass =
  'w-full min-h-9 rounded-md border border-control bg-bg px-2.5 py-1.5 text-base text-fg aria-[invalid=true]:border-crit max-desk:min-h-11'

type FieldFrame = { label: ReactNode; hint?: ReactNode; error?: ReactNode; className?: string }
type Described = { id: string; 'aria-describedby': string | undefined; 'aria-invalid': true | undefined }

function Frame({
  label,
  hint,
  error,
  className,
  render,
}: FieldFrame & { render: (described: Described) => ReactNode }) {
  const id = useId()
  const describedBy = [hint ? `${id}-hint` : null, error ? `${id}-error` : null].filter(Boolean).join(' ') || undefined
  return (
    <div className={cn('grid content-start gap-1', className)}>
      <label htmlFor={id} className="font-semibold">
        {label}
      </label>
      {hint ? (
        <p id={`${id}-hint`} className="text-sm text-muted">
          {hint}
        </p>
      ) : null}
      {render({ id, 'aria-describedby': describedBy, 'aria-invalid': error ? true : undefined })}
      {error ? (
        <p id={`${id}-error`} className="text-sm text-crit">
          <span aria-hidden="true">◆ </span>
          {error}
        </p>
      ) : null}
    </div>
  )
}

export function TextField({
  label,
  hint,
  error,
  className,
  ...props
}: FieldFrame & Omit<ComponentProps<'input'>, 'className'>) {
  return (
    <Frame
      label={label}
      hint={hint}
      error={error}
      className={className}
      render={(described) => <input className={inputClass} {...props} {...described} />}
    />
  )
}

export function TextAreaField({
  label,
  hint,
  error,
  className,
  ...props
}: FieldFrame & Omit<ComponentProps<'textarea'>, 'className'>) {
  return (
    <Frame
      label={label}
      hint={hint}
      error={error}
      className={className}
      render={(described) => <textarea rows={3} className={inputClass} {...props} {...described} />}
    />
  )
}

export function SelectField({
  label,
  hint,
  error,
  className,
  children,
  ...props
}: FieldFrame & Omit<ComponentProps<'select'>, 'className'>) {
  return (
    <Frame
      label={label}
      hint={hint}
      error={error}
      className={className}
      render={(described) => (
        <select className={cn(inputClass, 'pr-7')} {...props} {...described}>
          {children}
        </select>
      )}
    />
  )
}
