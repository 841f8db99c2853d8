'use client'
import { useTheme } from 'next-themes'
import { useMemo, useSyncExternalStore } from 'react'
import { BINS } from './metric-bins'
import { type MapPalette, packColour } from './paint-map'

const noSubscription = () => () => {}

/** The theme's colours as canvas words; null while rendering on the server. Read again when the theme changes. */
export function useMapPalette(): MapPalette | null {
  const { resolvedTheme } = useTheme()
  const inBrowser = useSyncExternalStore(
    noSubscription,
    () => true,
    () => false,
  )
  return useMemo(() => (inBrowser && resolvedTheme ? readPalette() : null), [inBrowser, resolvedTheme])
}

function readPalette(): MapPalette {
  const style = getComputedStyle(document.documentElement)
  const colour = (name: string) => packColour(style.getPropertyValue(name))
  const ramp = (name: string) => Array.from({ length: BINS }, (_, bin) => colour(`--${name}-${bin}`))
  return {
    background: colour('--raised'),
    line: colour('--line'),
    hatch: colour('--control'),
    ramps: { heat: ramp('heat'), therm: ramp('therm') },
    tones: { ok: colour('--ok'), warn: colour('--warn'), crit: colour('--crit') },
  }
}
