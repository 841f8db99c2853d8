'use client'
import { type MouseEvent, type RefObject, useEffect, useRef, useState } from 'react'
import { INERT_MS } from './decision-machine'
import { Movement } from './movement'

const LOOK_MS = 100
const SCROLL_KEYS = new Set(['PageUp', 'PageDown', 'Home', 'End', 'ArrowUp', 'ArrowDown', ' '])

/**
 * Holds pointer presses back while the buttons have just moved under the pointer: something above them grew, or the log scrolled
 * on by itself. A key goes to the button that has the focus, wherever that went, so keys are not held back.
 */
export function useStill(group: RefObject<HTMLElement | null>): {
  moved: boolean
  onClickCapture: (event: MouseEvent) => void
} {
  const [moved, setMoved] = useState(false)
  const movement = useRef<Movement>(null)
  movement.current ??= new Movement(INERT_MS)
  useEffect(() => {
    const element = group.current
    const known = movement.current
    if (!element || !known) return
    let timer: ReturnType<typeof setInterval> | null = null
    const look = () => {
      note(known, element)
      setMoved(known.isRecent(performance.now()))
    }
    // Only what is in view can be pressed.
    const watcher = new IntersectionObserver((entries) => {
      const inView = entries.at(-1)?.isIntersecting ?? false
      if (inView && timer === null) timer = setInterval(look, LOOK_MS)
      if (!inView && timer !== null) {
        clearInterval(timer)
        timer = null
      }
    })
    watcher.observe(element)
    const onOwnScroll = (event: Event) => {
      if (!(event instanceof KeyboardEvent) || scrolls(event)) known.noteOwnScroll(performance.now())
    }
    const listen = { passive: true, capture: true }
    for (const kind of OWN_SCROLLS) window.addEventListener(kind, onOwnScroll, listen)
    return () => {
      watcher.disconnect()
      if (timer !== null) clearInterval(timer)
      for (const kind of OWN_SCROLLS) window.removeEventListener(kind, onOwnScroll, listen)
    }
  }, [group])
  return {
    moved,
    onClickCapture: (event) => {
      // Made by a key or by an assistive technology, which name the button itself.
      if (event.detail === 0 || !group.current || !movement.current) return
      note(movement.current, group.current)
      if (!movement.current.isRecent(performance.now())) return
      event.preventDefault()
      event.stopPropagation()
      setMoved(true)
    },
  }
}

const scrolls = ({ key, target }: KeyboardEvent): boolean =>
  SCROLL_KEYS.has(key) && !(target instanceof HTMLElement && target.closest('input, textarea, select'))

const OWN_SCROLLS = ['wheel', 'touchmove', 'keydown'] as const

function note(movement: Movement, element: HTMLElement): void {
  const { x, y } = element.getBoundingClientRect()
  movement.note({ atMs: performance.now(), x, y })
}
