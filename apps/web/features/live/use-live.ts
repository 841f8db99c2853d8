'use client'
import { useEffect, useEffectEvent, useSyncExternalStore } from 'react'
import type { FleetFrame } from '@clawbernetes/protocol/views/fleet'
import type { Connection } from './connection-state'
import type { RoomEvent } from './messages'
import { holdsBack, isPaused, onResume } from './pause'
import { getConnection, subscribeConnection, subscribeRoom, watchFrames, type FrameListener } from './socket'

const CONNECTING: Connection = { state: 'connecting' }

export function useConnection(): Connection {
  return useSyncExternalStore(subscribeConnection, getConnection, () => CONNECTING)
}

/**
 * Calls `onEvent` for every event of a room, and `onResync` when events were lost and the screen must read afresh.
 * Pass null to listen to nothing.
 */
export function useRoom(room: string | null, onEvent: (event: RoomEvent) => void, onResync?: () => void): void {
  const handleEvent = useEffectEvent(onEvent)
  const handleResync = useEffectEvent(() => onResync?.())
  useEffect(() => {
    if (room === null) return
    const unsubscribe = subscribeRoom(room, {
      onEvent: (event) => {
        if (!holdsBack(event)) handleEvent(event)
      },
      onResync: () => handleResync(),
    })
    const unhold = onResume(() => handleResync())
    return () => {
      unsubscribe()
      unhold()
    }
  }, [room])
}

/** Calls `refresh` after events of a room, at most once per `everyMs`, first one soon: for screens that read over HTTP. */
export function useRoomRefresh(
  room: string | null,
  refresh: () => void,
  options: { everyMs?: number; accepts?: (event: RoomEvent) => boolean } = {},
): void {
  const everyMs = options.everyMs ?? 250
  const run = useEffectEvent(refresh)
  const accepts = useEffectEvent((event: RoomEvent) => options.accepts?.(event) ?? true)
  useEffect(() => {
    if (room === null) return
    let timer: ReturnType<typeof setTimeout> | null = null
    let lastRunMs = 0
    const schedule = () => {
      if (timer !== null) return
      timer = setTimeout(
        () => {
          timer = null
          lastRunMs = Date.now()
          run()
        },
        Math.max(16, lastRunMs + everyMs - Date.now()),
      )
    }
    const unsubscribe = subscribeRoom(room, {
      onEvent: (event) => {
        if (!holdsBack(event) && accepts(event)) schedule()
      },
      onResync: schedule,
    })
    const unhold = onResume(schedule)
    return () => {
      unsubscribe()
      unhold()
      if (timer !== null) clearTimeout(timer)
    }
  }, [room, everyMs])
}

/** Binary telemetry frames of a room, only while the tab is visible. */
export function useFrames(room: string | null, onFrame: (frame: FleetFrame) => void): void {
  const handle = useEffectEvent(onFrame)
  useEffect(() => {
    if (room === null) return
    const listener: FrameListener = (from, frame) => {
      if (from === room && !isPaused()) handle(frame)
    }
    let stop: (() => void) | null = null
    const sync = () => {
      if (document.visibilityState === 'visible') stop ??= watchFrames(listener)
      else {
        stop?.()
        stop = null
      }
    }
    sync()
    document.addEventListener('visibilitychange', sync)
    return () => {
      document.removeEventListener('visibilitychange', sync)
      stop?.()
    }
  }, [room])
}
