'use client'
import { useSyncExternalStore } from 'react'

const neverChanges = () => () => {}

/** Where the browser reaches this installation; empty until it is known. */
export const useOrigin = (): string =>
  useSyncExternalStore(
    neverChanges,
    () => window.location.origin,
    () => '',
  )
