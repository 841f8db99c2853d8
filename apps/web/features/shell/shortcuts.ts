/**
 * Which action a key press means. Pure, so that the guards can be tested: never while typing (except the ⌘ ones), never on
 * key repeat, never with AltGr, and single letters only where they cannot surprise (they can be switched off altogether).
 */
export type ShortcutAction =
  | { type: 'palette' }
  | { type: 'toggle-chat' }
  | { type: 'focus-composer' }
  | { type: 'help' }
  | { type: 'filter' }
  | { type: 'pause' }
  | { type: 'freeze' }
  | { type: 'go'; href: string }
  | { type: 'prefix' }
  | { type: 'none' }

export type KeyPress = {
  key: string
  meta: boolean
  ctrl: boolean
  alt: boolean
  shift: boolean
  altGraph: boolean
  repeat: boolean
  composing: boolean
  typing: boolean
  inDialog: boolean
}

export type ShortcutContext = { pendingGo: boolean; singleKeys: boolean; goTargets: ReadonlyMap<string, string> }

const NONE: ShortcutAction = { type: 'none' }

export function resolveShortcut(press: KeyPress, context: ShortcutContext): ShortcutAction {
  if (press.repeat || press.composing || press.altGraph || press.alt) return NONE
  const key = press.key.length === 1 ? press.key.toLowerCase() : press.key
  if (press.meta !== press.ctrl) {
    if (key === 'k' && !press.shift) return { type: 'palette' }
    if (key === 'i') return press.shift ? { type: 'focus-composer' } : { type: 'toggle-chat' }
    return NONE
  }
  if (press.meta || press.typing || press.inDialog || !context.singleKeys) return NONE
  if (context.pendingGo) {
    const href = context.goTargets.get(key)
    return href ? { type: 'go', href } : NONE
  }
  if (key === '?') return { type: 'help' }
  if (key === '/') return { type: 'filter' }
  // Only asks: the dialog wants a reason.
  if (key === '!') return { type: 'freeze' }
  if (key === 'p' && !press.shift) return { type: 'pause' }
  return key === 'g' && !press.shift ? { type: 'prefix' } : NONE
}
