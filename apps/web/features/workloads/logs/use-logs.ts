'use client'
import type { LogLevel } from '@clawbernetes/protocol/views/workload-log'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { useRoomRefresh } from '@/features/live/use-live'
import { useTRPCClient } from '@/trpc/client'
import { appendPage, EMPTY_BUFFER, type LogBuffer, prependPage } from './log-buffer'

const PAGE = 1000
const EVERY_MS = 250
/** When no bell rings (the socket is away), the log is looked at all the same. */
const POLL_MS = 5000

export type LogFilter = { levels: readonly LogLevel[]; replicaIds: readonly string[] }
export type LogState = {
  /** Which log this is of: workload and filter. */
  key: string
  buffer: LogBuffer
  /** The first page is not here yet. */
  pending: boolean
  error: unknown
  errorAtMs: number
  loadingOlder: boolean
}

const startOf = (key: string): LogState => ({
  key,
  buffer: EMPTY_BUFFER,
  pending: true,
  error: null,
  errorAtMs: 0,
  loadingOlder: false,
})

/**
 * The newest lines of a workload, then everything that follows, each line once. After a failure it resumes from the last
 * cursor, so nothing is lost in between. `live`: the workload may still write. Another filter is another log, read afresh.
 */
export function useLogs(workloadId: string, filter: LogFilter, following: boolean, live: boolean) {
  const client = useTRPCClient()
  const key = JSON.stringify([workloadId, filter])
  const [state, setState] = useState(() => startOf(key))
  if (state.key !== key) setState(startOf(key))
  // One read at a time, each of the filter that it was asked for.
  const generation = useRef(0)
  const reading = useRef(false)
  const latest = useRef(state.buffer)

  const read = async (direction: 'newer' | 'older'): Promise<boolean> => {
    const mine = generation.current
    const from = latest.current
    const page = await client.workloads.logs.query({
      workloadId,
      limit: PAGE,
      ...(filter.levels.length > 0 ? { levels: [...filter.levels] } : {}),
      ...(filter.replicaIds.length > 0 ? { replicaIds: [...filter.replicaIds] } : {}),
      ...(direction === 'older' && from.before ? { before: from.before } : {}),
      ...(direction === 'newer' && from.after ? { after: from.after } : {}),
    })
    if (mine !== generation.current) return false
    const buffer = direction === 'newer' ? appendPage(from, page, following) : prependPage(from, page)
    latest.current = buffer
    setState((current) => ({ ...current, buffer, pending: false, error: null }))
    return direction === 'newer' && from.after !== null && page.lines.length === PAGE
  }
  const guarded = async (direction: 'newer' | 'older') => {
    if (reading.current) return
    reading.current = true
    const mine = generation.current
    try {
      while (await read(direction)) {
        // A long absence is caught up page by page.
      }
    } catch (error) {
      if (mine === generation.current)
        setState((current) => ({ ...current, error, errorAtMs: Date.now(), pending: false }))
    } finally {
      if (mine === generation.current) reading.current = false
    }
  }
  const readNewer = useEffectEvent(() => void guarded('newer'))

  useEffect(() => {
    latest.current = EMPTY_BUFFER
    reading.current = false
    readNewer()
    return () => {
      generation.current += 1
    }
  }, [key])
  useEffect(() => {
    if (!live) return
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') readNewer()
    }, POLL_MS)
    return () => clearInterval(timer)
  }, [live])
  useRoomRefresh(`logs:${workloadId}`, () => void guarded('newer'), { everyMs: EVERY_MS })

  return {
    ...state,
    retry: () => void guarded('newer'),
    readOlder: () => {
      if (latest.current.before === null || reading.current) return
      setState((current) => ({ ...current, loadingOlder: true }))
      void guarded('older').then(() => setState((current) => ({ ...current, loadingOlder: false })))
    },
    markSeen: () => {
      latest.current = { ...latest.current, unseen: 0 }
      setState((current) => ({ ...current, buffer: latest.current }))
    },
  }
}
