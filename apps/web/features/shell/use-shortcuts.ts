'use client'
import { useEffect, useEffectEvent, useRef } from 'react'
import { NAV_ITEMS } from './nav-items'
import { resolveShortcut, type KeyPress, type ShortcutAction } from './shortcuts'

const GO_TARGETS: ReadonlyMap<string, string> = new Map([
  ...NAV_ITEMS.map((item) => [item.key, item.href] as const),
  ['n', '/fleet?view=table'],
])
const GO_WINDOW_MS = 1200

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))
  )
}

function toKeyPress(event: KeyboardEvent): KeyPress {
  return {
    key: event.key,
    meta: event.metaKey,
    ctrl: event.ctrlKey,
    alt: event.altKey,
    shift: event.shiftKey,
    altGraph: event.getModifierState('AltGraph'),
    repeat: event.repeat,
    composing: event.isComposing,
    typing: isTyping(event.target),
    inDialog: document.querySelector('[role="dialog"][data-state="open"], [role="menu"]') !== null,
  }
}

/** Global keys. `onAction` never sees 'none' or 'prefix'. Keys a card or list has handled itself do not arrive here. */
export function useShortcuts(singleKeys: boolean, onAction: (action: ShortcutAction) => void): void {
  const pendingUntil = useRef(0)
  const handle = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented) return
    const pendingGo = performance.now() < pendingUntil.current
    const action = resolveShortcut(toKeyPress(event), { pendingGo, singleKeys, goTargets: GO_TARGETS })
    pendingUntil.current = action.type === 'prefix' ? performance.now() + GO_WINDOW_MS : 0
    if (action.type === 'none' || action.type === 'prefix') return
    event.preventDefault()
    onAction(action)
  })
  useEffect(() => {
    const listener = (event: KeyboardEvent) => handle(event)
    document.addEventListener('keydown', listener)
    return () => document.removeEventListener('keydown', listener)
  }, [])
}
