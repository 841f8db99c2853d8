'use client'
import type { FleetFrame, SlotTable } from '@clawbernetes/protocol/views/fleet'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useSession } from '@/features/identity/session'
import { useFrames, useRoomRefresh } from '@/features/live/use-live'
import { useTRPC } from '@/trpc/client'

/** Whatever the bells miss (a reading that drifts, a lease that ends) is read again after this long. */
const REFRESH_MS = 20_000
/** A thousand nodes are megabytes: their live values come by frames, the rest may be a minute old. */
const LARGE_NODES = 200
const REFRESH_LARGE_MS = 60_000

/** Nodes, counts and attention; read again when something of the fleet changed. */
export function useFleetData() {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const { organization } = useSession()
  const summary = useQuery(trpc.fleet.summary.queryOptions(undefined, { refetchInterval: REFRESH_MS }))
  const nodes = useQuery(
    trpc.fleet.nodes.queryOptions(undefined, {
      refetchInterval: (state) => ((state.state.data?.length ?? 0) > LARGE_NODES ? REFRESH_LARGE_MS : REFRESH_MS),
    }),
  )
  const large = (nodes.data?.length ?? 0) > LARGE_NODES
  const everyMs = large ? 10_000 : 1000
  const refresh = () => {
    void queryClient.invalidateQueries(trpc.fleet.summary.queryFilter())
    void queryClient.invalidateQueries(trpc.fleet.nodes.queryFilter())
  }
  useRoomRefresh(
    `fleet:${organization.id}`,
    () => {
      refresh()
      void queryClient.invalidateQueries(trpc.telemetry.slotTable.queryFilter())
    },
    { everyMs },
  )
  // What starts and ends takes and frees GPUs.
  useRoomRefresh(`org:${organization.id}`, refresh, { everyMs, accepts: (event) => event.kind === 'workload.status' })
  return { summary, nodes }
}

/** The live values of all GPUs. A frame of another version than the table waits until the table is read again. */
export function useFleetFrame() {
  const trpc = useTRPC()
  const { organization } = useSession()
  const table = useQuery(trpc.telemetry.slotTable.queryOptions(undefined, { staleTime: 60_000 }))
  // Until the socket's first frame: the page must not wait for its turn.
  const first = useQuery(trpc.telemetry.frame.queryOptions(undefined, { staleTime: Number.POSITIVE_INFINITY }))
  const [pushed, setPushed] = useState<FleetFrame | null>(null)
  const refetchTable = table.refetch
  const tableVersion = table.data?.version
  useFrames(`fleet:${organization.id}`, (frame) => {
    if (tableVersion !== undefined && frame.version !== tableVersion) void refetchTable()
    setPushed(frame)
  })
  const frame = newest(pushed, first.data ?? null)
  return { table, frame, readable: isReadable(table.data, frame) ? frame : null }
}

const newest = (a: FleetFrame | null, b: FleetFrame | null): FleetFrame | null =>
  a && b ? (a.atMs >= b.atMs ? a : b) : (a ?? b)
const isReadable = (table: SlotTable | undefined, frame: FleetFrame | null): boolean =>
  table !== undefined && frame !== null && table.version === frame.version
