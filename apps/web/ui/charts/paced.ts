'use client'
import { useEffect, useState } from 'react'

/**
 * Charts take turns: one redraws per slot, so that six of them never add up to one long task. A chart that is out of
 * view, in a hidden tab or being read (its tooltip is open) waits and then shows the newest data at once.
 */
const SLOT_MS = 40
const queue: (() => void)[] = []
let running = false

function next(): void {
  const task = queue.shift()
  if (!task) {
    running = false
    return
  }
  task()
  setTimeout(next, SLOT_MS)
}

function takeTurn(task: () => void): () => void {
  queue.push(task)
  if (!running) {
    running = true
    setTimeout(next, 0)
  }
  return () => {
    const at = queue.indexOf(task)
    if (at >= 0) queue.splice(at, 1)
  }
}

/** `value` as of this chart's last turn; the first one is taken at once. */
export function usePaced<T>(value: T, active: boolean): T {
  const [shown, setShown] = useState(value)
  useEffect(() => {
    if (!active || shown === value) return
    return takeTurn(() => setShown(value))
  }, [value, active, shown])
  return shown
}

/** Whether an element is near the viewport; true until it is known. */
export function useInView(): { ref: (element: HTMLElement | null) => void; inView: boolean } {
  const [element, setElement] = useState<HTMLElement | null>(null)
  const [inView, setInView] = useState(true)
  useEffect(() => {
    if (!element) return
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (entry) setInView(entry.isIntersecting)
      },
      { rootMargin: '120px' },
    )
    observer.observe(element)
    return () => observer.disconnect()
  }, [element])
  return { ref: setElement, inView }
}
