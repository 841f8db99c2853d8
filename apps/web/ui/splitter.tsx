'use client'
import { useRef, type KeyboardEvent, type PointerEvent } from 'react'
import { cn } from './cn'

type SplitterProps = {
  label: string
  /** The controlled pane's width in px. */
  value: number
  min: number
  max: number
  defaultValue: number
  onChange: (width: number) => void
  /** Which side of the splitter the pane lies on. */
  paneSide: 'left' | 'right'
  controls: string
  className?: string
}

/** A window splitter after the ARIA pattern: arrows move by 16 px, Home and End to the limits, double click to the default. */
export function Splitter({
  label,
  value,
  min,
  max,
  defaultValue,
  onChange,
  paneSide,
  controls,
  className,
}: SplitterProps) {
  const drag = useRef<{ startX: number; startWidth: number } | null>(null)
  const clamp = (width: number) => Math.round(Math.min(max, Math.max(min, width)))
  const sign = paneSide === 'right' ? -1 : 1

  const onKeyDown = (event: KeyboardEvent) => {
    const moves: Record<string, number> = {
      ArrowLeft: value - 16 * sign,
      ArrowRight: value + 16 * sign,
      Home: min,
      End: max,
      Enter: defaultValue,
    }
    const next = moves[event.key]
    if (next === undefined) return
    event.preventDefault()
    onChange(clamp(next))
  }
  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId)
    drag.current = { startX: event.clientX, startWidth: value }
  }
  const onPointerMove = (event: PointerEvent) => {
    if (drag.current) onChange(clamp(drag.current.startWidth + sign * (event.clientX - drag.current.startX)))
  }
  const onPointerUp = () => {
    drag.current = null
  }

  return (
    <div
      role="separator"
      aria-label={label}
      aria-orientation="vertical"
      aria-valuenow={value}
      aria-valuemin={min}
      aria-valuemax={max}
      aria-controls={controls}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onPointerCancel={onPointerUp}
      onDoubleClick={() => onChange(defaultValue)}
      className={cn(
        'relative w-px shrink-0 touch-none cursor-col-resize bg-line before:absolute before:inset-y-0 before:-left-[5px] before:w-[11px] hover:bg-info',
        className,
      )}
    />
  )
}
