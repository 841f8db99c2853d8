'use client'
import { useEffect, useId, useState, type ReactNode } from 'react'

/**
 * Extra words on hover and focus; never the only place where something is said. They stay while the pointer is on them
 * and Escape takes them away (WCAG 1.4.13).
 */
export function Tooltip({ content, children }: { content: ReactNode; children: ReactNode }) {
  const id = useId()
  const [shown, setShown] = useState(false)
  useEffect(() => {
    if (!shown) return
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key === 'Escape') setShown(false)
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [shown])
  return (
    <span
      className="relative inline-flex"
      aria-describedby={shown ? id : undefined}
      onPointerEnter={() => setShown(true)}
      onPointerLeave={() => setShown(false)}
      onFocus={() => setShown(true)}
      onBlur={() => setShown(false)}
    >
      {children}
      {shown ? (
        <span
          role="tooltip"
          id={id}
          className="fade-in absolute top-full right-0 z-50 w-max max-w-72 rounded-sm border border-line bg-raised px-2 py-1 text-sm shadow-overlay"
        >
          {content}
        </span>
      ) : null}
    </span>
  )
}
