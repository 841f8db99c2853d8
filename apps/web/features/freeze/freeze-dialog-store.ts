'use client'
import { useSyncExternalStore } from 'react'

/** The dialog of the emergency stop can be asked for from anywhere: header, menu, palette, key, settings. */
let open = false
const listeners = new Set<() => void>()

export function showFreezeDialog(next: boolean): void {
  open = next
  for (const listener of listeners) listener()
}

export function useFreezeDialogOpen(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => open,
    () => false,
  )
}
