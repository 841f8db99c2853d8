'use client'
import { useEffect, useRef } from 'react'
import type { Connection } from '@/features/live/connection-state'
import { getMissedEvents } from '@/features/live/socket'
import { useConnection } from '@/features/live/use-live'
import { formatTimeOfDay } from '@/ui/format'
import { StatusPill, type Tone } from '@/ui/status-pill'
import { loadToasts } from '@/ui/toasts'

function describe(connection: Connection): { tone: Tone; shape: string; word: string; short: string } {
  switch (connection.state) {
    case 'live':
      return { tone: 'ok', shape: '●', word: 'Live', short: 'Live' }
    case 'connecting':
      return { tone: 'pend', shape: '◌', word: 'Connecting…', short: 'Connecting…' }
    case 'reconnecting':
      return {
        tone: 'warn',
        shape: '◌',
        word: `Reconnecting… (${Math.round(connection.forMs / 1000)}\u202fs)`,
        short: 'Reconnecting…',
      }
    case 'stale':
      return {
        tone: 'warn',
        shape: '▲',
        word: `Stale since ${formatTimeOfDay(connection.sinceMs, { seconds: true })}`,
        short: 'Stale',
      }
    case 'offline':
      return { tone: 'crit', shape: '✕', word: 'Offline', short: 'Offline' }
  }
}

export function ConnectionChip() {
  const connection = useConnection()
  const wasStale = useRef(false)
  useEffect(() => {
    if (connection.state === 'stale' || connection.state === 'offline') wasStale.current = true
    if (connection.state !== 'live' || !wasStale.current) return
    wasStale.current = false
    const missed = getMissedEvents()
    void loadToasts().then(({ toast }) => toast(missed > 0 ? `Back online · ${missed} changes` : 'Back online'))
  }, [connection.state])
  const { tone, shape, word, short } = describe(connection)
  // Only the state is announced; the seconds that count up beside it are for the eye.
  return (
    <span className="inline-flex">
      <span role="status" className="sr-only">{`Connection: ${short}`}</span>
      <span aria-hidden="true">
        <StatusPill tone={tone} shape={shape}>
          {word}
        </StatusPill>
      </span>
    </span>
  )
}
