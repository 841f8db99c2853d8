'use client'
import { useState, type PointerEvent } from 'react'
import type { MapLayout } from './map-layout'
import { type MapSelection, NOTHING, placesIn, type Rect, rectOf } from './map-selection'

const pointOf = (event: PointerEvent<HTMLElement>): { x: number; y: number } => {
  const box = event.currentTarget.getBoundingClientRect()
  return { x: event.clientX - box.left, y: event.clientY - box.top }
}

/** Shift and drag draws a rectangle; the GPUs it touches are added to the selection when it is let go. */
export function useMarquee(layout: MapLayout | null) {
  const [selection, setSelection] = useState<MapSelection>(NOTHING)
  const [drag, setDrag] = useState<{ from: { x: number; y: number }; rect: Rect } | null>(null)
  return {
    selection,
    setSelection,
    clear: () => setSelection(NOTHING),
    rect: drag?.rect ?? null,
    start: (event: PointerEvent<HTMLElement>) => {
      if (!event.shiftKey || event.pointerType === 'touch') return
      event.preventDefault()
      event.currentTarget.setPointerCapture(event.pointerId)
      const from = pointOf(event)
      setDrag({ from, rect: rectOf(from, from) })
    },
    /** True while a rectangle is being drawn. */
    move: (event: PointerEvent<HTMLElement>): boolean => {
      if (!drag) return false
      setDrag({ ...drag, rect: rectOf(drag.from, pointOf(event)) })
      return true
    },
    /** True when a rectangle was being drawn: the press was no click. */
    end: (): boolean => {
      if (!drag) return false
      if (layout) setSelection(new Set([...selection, ...placesIn(layout, drag.rect)]))
      setDrag(null)
      return true
    },
  }
}
