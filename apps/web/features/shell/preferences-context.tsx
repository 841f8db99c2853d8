'use client'
import { createContext, use, useCallback, useMemo, useState, type ReactNode } from 'react'
import { PREFERENCES_COOKIE, type Preferences } from './preferences'

type Value = { preferences: Preferences; update: (patch: Partial<Preferences>) => void }
const Context = createContext<Value | null>(null)
const YEAR_S = 31_536_000

export function PreferencesProvider({ initial, children }: { initial: Preferences; children: ReactNode }) {
  const [preferences, setPreferences] = useState(initial)
  const update = useCallback((patch: Partial<Preferences>) => {
    setPreferences((current) => {
      const next = { ...current, ...patch }
      document.cookie = `${PREFERENCES_COOKIE}=${encodeURIComponent(JSON.stringify(next))}; path=/; max-age=${YEAR_S}; samesite=lax`
      return next
    })
  }, [])
  const value = useMemo(() => ({ preferences, update }), [preferences, update])
  return <Context value={value}>{children}</Context>
}

export function usePreferences(): Value {
  const value = use(Context)
  if (!value) throw new Error('usePreferences needs PreferencesProvider above it.')
  return value
}
