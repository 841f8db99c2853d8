'use client'
import { Slot } from 'radix-ui'
import { lazy, Suspense, useState, type ComponentProps, type KeyboardEvent, type ReactNode } from 'react'
import type * as Parts from './menu-parts'
import { whenReachable } from './when-reachable'

/**
 * Menus are on every page and opened seldom: what draws them (positions, focus, layers) loads when a pointer or the
 * focus comes near, and the first press opens it as any other.
 */
const load = whenReachable(() => import('./menu-parts'))
const LoadedMenu = lazy(() => load().then((parts) => ({ default: parts.Menu })))
const LazyItem = lazy(() => load().then((parts) => ({ default: parts.MenuItem })))
const LazyLabel = lazy(() => load().then((parts) => ({ default: parts.MenuLabel })))
const LazySeparator = lazy(() => load().then((parts) => ({ default: parts.MenuSeparator })))
const LazyRadioGroup = lazy(() => load().then((parts) => ({ default: parts.MenuRadioGroup })))
const LazyCheckItem = lazy(() => load().then((parts) => ({ default: parts.MenuCheckItem })))

export type MenuProps = {
  trigger: ReactNode
  children: ReactNode
  align?: 'start' | 'end'
  side?: 'top' | 'bottom'
  label?: string
  className?: string
}

export function Menu(props: MenuProps) {
  const [asked, setAsked] = useState(false)
  const closed = (
    <ClosedTrigger onAsk={() => setAsked(true)} pending={asked}>
      {props.trigger}
    </ClosedTrigger>
  )
  if (!asked) return closed
  return (
    <Suspense fallback={closed}>
      <LoadedMenu {...props} />
    </Suspense>
  )
}

function ClosedTrigger({ children, onAsk, pending }: { children: ReactNode; onAsk: () => void; pending: boolean }) {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowDown') return
    event.preventDefault()
    onAsk()
  }
  return (
    <Slot.Root
      aria-haspopup="menu"
      aria-expanded={pending}
      onPointerEnter={() => void load()}
      onFocus={() => void load()}
      onClick={onAsk}
      onKeyDown={onKeyDown}
    >
      {children}
    </Slot.Root>
  )
}

// Only ever drawn inside an open menu, whose parts have loaded by then.
export const MenuItem = (props: ComponentProps<typeof Parts.MenuItem>) => <LazyItem {...props} />
export const MenuLabel = (props: ComponentProps<typeof Parts.MenuLabel>) => <LazyLabel {...props} />
export const MenuSeparator = () => <LazySeparator />
export const MenuRadioGroup = (props: ComponentProps<typeof Parts.MenuRadioGroup>) => <LazyRadioGroup {...props} />
export const MenuCheckItem = (props: ComponentProps<typeof Parts.MenuCheckItem>) => <LazyCheckItem {...props} />
