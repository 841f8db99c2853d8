'use client'
import { useEffect, useState } from 'react'
import { MAX_POINTS } from '@/ui/charts/chart-data'
import { serverNow } from '@/ui/clock'

const MINUTE = 60_000
export const RANGES = {
  '15m': { label: 'Last 15 min', spanMs: 15 * MINUTE },
  '1h': { label: 'Last hour', spanMs: 60 * MINUTE },
  '6h': { label: 'Last 6 h', spanMs: 360 * MINUTE },
  '24h': { label: 'Last 24 h', spanMs: 1440 * MINUTE },
  '7d': { label: 'Last 7 d', spanMs: 7 * 1440 * MINUTE },
  '30d': { label: 'Last 30 d', spanMs: 30 * 1440 * MINUTE },
} as const
export type Range = keyof typeof RANGES
export const RANGE_KEYS = Object.keys(RANGES) as Range[]

/** Samples come every five seconds; asking more often shows nothing more. */
const FASTEST_MS = 5000

export type SeriesWindow = { fromMs: number; toMs: number; maxPoints: number }

/** The last stretch of time, moving on by a bucket at a time; it stands still while the tab is hidden. */
export function useSeriesWindow(range: Range): SeriesWindow {
  const { spanMs } = RANGES[range]
  const stepMs = Math.max(FASTEST_MS, Math.ceil(spanMs / MAX_POINTS))
  const [tick, setTick] = useState(() => Math.floor(serverNow() / stepMs))
  useEffect(() => {
    const move = () => {
      if (document.visibilityState === 'visible') setTick(Math.floor(serverNow() / stepMs))
    }
    move()
    const timer = setInterval(move, stepMs)
    document.addEventListener('visibilitychange', move)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', move)
    }
  }, [stepMs])
  const toMs = (tick + 1) * stepMs
  return { fromMs: toMs - spanMs, toMs, maxPoints: MAX_POINTS }
}
