import type { EventFact, GpuFacts, TimedValues } from '@clawbernetes/domain/diagnosis/facts'
import { STALE_AFTER_MS } from '@clawbernetes/domain/telemetry/freshness'
import { decodeGpu, type GpuValues, THROTTLE_TROUBLE } from '@clawbernetes/domain/telemetry/layout'
import type { GpuInventory } from '@clawbernetes/protocol/node/inventory'
import type { SystemCtx } from '../context'
import { type LatestRow, latestRows } from '../telemetry/latest-rows'
import { readGrowth } from '../telemetry/read-growth'
import { readWindow } from './read-window'

const DAY_MS = 86_400_000
/** Values at which a GPU's last minutes are read; everything else costs nothing. */
const NEAR_LIMIT_C = 8
const IDLE_PCT = 1
const HELD_MIB = 1024
const PEER_SHARE = 0.9
/** Nodes whose last minutes are read in one round at most. */
const MAX_WINDOWS = 300
const MAX_EVENTS = 5_000

export interface DiagnosedGpu {
  id: string
  nodeId: string
  facts: GpuFacts
}
export interface DiagnosedNode {
  id: string
  memoryMib: number
  events: EventFact[]
}

type NodeRow = Awaited<ReturnType<typeof readNodes>>[number]
type GpuRow = NodeRow['gpus'][number]
interface Seat {
  node: NodeRow
  gpu: GpuRow
  slot: number | undefined
  latest: GpuValues | null
  reporting: boolean
}

/** Gathers what the rules need to know of an organisation's GPUs. Those of which nothing speaks are left out. */
export async function gatherFacts(
  sys: SystemCtx,
  orgId: string,
): Promise<{ gpus: DiagnosedGpu[]; nodes: DiagnosedNode[] }> {
  const now = sys.now()
  const nodes = await readNodes(sys, orgId)
  const nums = nodes.map((node) => node.num)
  const [latest, slots, events, open, holders] = await Promise.all([
    latestRows(sys.db, nums),
    readSlots(sys, nums),
    readEvents(sys, orgId, now),
    readOpen(sys, orgId),
    readHolders(sys, orgId),
  ])
  const seats = nodes.flatMap((node) =>
    node.gpus.map((gpu) => seatOf(node, gpu, latest.get(node.num), slots.get(gpu.id), now)),
  )
  const moved = await readMoved(
    sys,
    seats.map((seat) => seat.gpu.id),
    now,
  )
  const peers = peersByWorkload(seats, holders)
  const suspicious = seats.filter((seat) => {
    const { id } = seat.gpu
    if (events.byGpu.has(id) || open.byGpu.has(id) || moved.has(id)) return true
    return seat.reporting && (seat.gpu.readability !== 'ok' || looksOdd(seat, holders.get(id), peers))
  })
  const windows = await readWindow(sys, windowNodes(suspicious, holders, peers), now)
  const growth = await readGrowth(
    sys.db,
    suspicious.map((seat) => seat.gpu.id),
    new Date(now.getTime() - DAY_MS),
    now,
  )
  const progress = await readProgress(
    sys,
    suspicious.flatMap((seat) => holders.get(seat.gpu.id)?.workloadId ?? []),
  )
  const samplesOf = (seat: Seat): TimedValues[] =>
    (windows.get(seat.node.num) ?? []).flatMap((row) =>
      seat.slot === undefined ? [] : [{ ...decodeGpu(row.gpus, seat.slot), atMs: row.atMs }],
    )
  const gpus = suspicious.map((seat): DiagnosedGpu => {
    const holder = holders.get(seat.gpu.id)
    const others =
      holder?.kind === 'training' ? (peers.get(holder.workloadId) ?? []).filter((peer) => peer !== seat) : []
    return {
      id: seat.gpu.id,
      nodeId: seat.node.id,
      facts: {
        nowMs: now.getTime(),
        nodeName: seat.node.name,
        index: seat.gpu.index,
        model: seat.gpu.gpuModel,
        readability: seat.gpu.readability,
        slowdownTempC: (seat.gpu.facts as unknown as GpuInventory).slowdownTempC,
        reporting: seat.reporting,
        samples: samplesOf(seat),
        events: events.byGpu.get(seat.gpu.id) ?? [],
        growth: growth.get(seat.gpu.id) ?? [],
        holder: holder
          ? {
              workloadName: holder.name,
              kind: holder.kind,
              running: holder.running,
              lastProgressAtMs: progress.get(holder.workloadId) ?? null,
            }
          : null,
        peerUtilPct: others.flatMap((peer) => meanUtil(samplesOf(peer), now.getTime()) ?? []),
        open: open.byGpu.get(seat.gpu.id) ?? new Set(),
      },
    }
  })
  const machines = nodes
    .filter((node) => events.byNode.has(node.id) || open.byNode.has(node.id))
    .map((node) => ({ id: node.id, memoryMib: node.memoryMib, events: events.byNode.get(node.id) ?? [] }))
  return { gpus, nodes: machines }
}

const readNodes = (sys: SystemCtx, orgId: string) =>
  sys.db.node.findMany({
    where: { orgId, removedAt: null },
    select: { id: true, num: true, name: true, status: true, memoryMib: true, gpus: { where: { missingSince: null } } },
  })

function seatOf(node: NodeRow, gpu: GpuRow, row: LatestRow | undefined, slot: number | undefined, now: Date): Seat {
  const reporting = node.status === 'online' && row !== undefined && now.getTime() - row.atMs <= STALE_AFTER_MS
  return { node, gpu, slot, reporting, latest: row && slot !== undefined ? decodeGpu(row.gpus, slot) : null }
}

/** A cheap look at the last values: is there anything that a rule might want to see more of? */
function looksOdd(seat: Seat, holder: Holder | undefined, peers: Map<string, Seat[]>): boolean {
  const values = seat.latest
  if (!values) return false
  if (((values.throttleMask ?? 0) & THROTTLE_TROUBLE) !== 0) return true
  if (values.tempMarginC !== null && values.tempMarginC <= NEAR_LIMIT_C) return true
  if (!holder?.running || holder.kind === 'service') return false
  if ((values.utilPct ?? 100) < IDLE_PCT && (values.memUsedMib ?? 0) >= HELD_MIB) return true
  const others = (peers.get(holder.workloadId) ?? []).flatMap((peer) =>
    peer === seat ? [] : (peer.latest?.utilPct ?? []),
  )
  const best = Math.max(0, ...others)
  return holder.kind === 'training' && values.utilPct !== null && values.utilPct < best * PEER_SHARE
}

/** Nodes of the suspicious GPUs, and of the others in their gangs. */
function windowNodes(suspicious: Seat[], holders: Map<string, Holder>, peers: Map<string, Seat[]>): number[] {
  const nums = new Set<number>()
  for (const seat of suspicious) {
    if (!seat.reporting) continue
    nums.add(seat.node.num)
    const holder = holders.get(seat.gpu.id)
    if (holder?.kind === 'training') for (const peer of peers.get(holder.workloadId) ?? []) nums.add(peer.node.num)
  }
  return [...nums].slice(0, MAX_WINDOWS)
}

function peersByWorkload(seats: Seat[], holders: Map<string, Holder>): Map<string, Seat[]> {
  const peers = new Map<string, Seat[]>()
  for (const seat of seats) {
    const holder = holders.get(seat.gpu.id)
    if (holder) peers.set(holder.workloadId, [...(peers.get(holder.workloadId) ?? []), seat])
  }
  return peers
}

const PEER_WINDOW_MS = 3 * 60_000
function meanUtil(samples: TimedValues[], nowMs: number): number | null {
  const known = samples.flatMap((sample) => (sample.atMs > nowMs - PEER_WINDOW_MS ? (sample.utilPct ?? []) : []))
  return known.length === 0 ? null : known.reduce((a, b) => a + b, 0) / known.length
}

interface Holder {
  workloadId: string
  name: string
  kind: string
  running: boolean
}

async function readHolders(sys: SystemCtx, orgId: string): Promise<Map<string, Holder>> {
  const rows = await sys.db.$queryRaw<(Omit<Holder, 'running'> & { gpuId: string; phase: string | null })[]>`
    select v.gpu_id as "gpuId", w.id as "workloadId", w.name, w.kind::text as kind, r.phase
    from reservation v join workload w on w.id = v.workload_id left join replica r on r.id = v.replica_id
    where v.org_id = ${orgId} and v.released_at is null`
  return new Map(
    rows.map(({ gpuId, phase, ...holder }) => [
      gpuId,
      { ...holder, running: phase === 'running' || phase === 'ready' },
    ]),
  )
}

async function readSlots(sys: SystemCtx, nums: number[]): Promise<Map<string, number>> {
  const rows = await sys.db.$queryRaw<
    { gpu_id: string; slot: number }[]
  >`select gpu_id, slot from telemetry.gpu_slot where node = any(${nums})`
  return new Map(rows.map((row) => [row.gpu_id, row.slot]))
}

async function readEvents(sys: SystemCtx, orgId: string, now: Date) {
  const rows = await sys.db.healthEvent.findMany({
    where: { orgId, at: { gt: new Date(now.getTime() - DAY_MS) } },
    orderBy: { at: 'desc' },
    take: MAX_EVENTS,
    select: { nodeId: true, gpuId: true, kind: true, code: true, line: true, at: true, replicaId: true },
  })
  const byGpu = new Map<string, EventFact[]>()
  const byNode = new Map<string, EventFact[]>()
  for (const { nodeId, gpuId, at, ...rest } of rows.toReversed()) {
    const [map, key] = gpuId ? [byGpu, gpuId] : [byNode, nodeId]
    const list = map.get(key) ?? []
    list.push({ ...rest, atMs: at.getTime() })
    map.set(key, list)
  }
  return { byGpu, byNode }
}

async function readOpen(sys: SystemCtx, orgId: string) {
  const rows = await sys.db.finding.findMany({
    where: { orgId, state: 'open' },
    select: { nodeId: true, gpuId: true, rule: true },
  })
  const byGpu = new Map<string, Set<string>>()
  const byNode = new Map<string, Set<string>>()
  for (const { nodeId, gpuId, rule } of rows) {
    const [map, key] = gpuId ? [byGpu, gpuId] : [byNode, nodeId]
    map.set(key, (map.get(key) ?? new Set()).add(rule))
  }
  return { byGpu, byNode }
}

/** GPUs whose counters moved within a day or whose flags are up. */
async function readMoved(sys: SystemCtx, gpuIds: string[], now: Date): Promise<Set<string>> {
  const own = new Set(gpuIds)
  const rows = await sys.db.$queryRaw<{ gpu_id: string }[]>`
    select distinct gpu_id from telemetry.gpu_counter where value > 0 and at > ${new Date(now.getTime() - DAY_MS)}
    union select gpu_id from telemetry.gpu_counter where value > 0 and kind in ('remap-pending', 'remap-failure')`
  return new Set(rows.map((row) => row.gpu_id).filter((id) => own.has(id)))
}

/** When each workload last said something. One that never did is not in the map. */
async function readProgress(sys: SystemCtx, workloadIds: string[]): Promise<Map<string, number>> {
  const rows = await sys.db.$queryRaw<{ id: string; at: Date }[]>`
    select w.id, l.at from unnest(${[...new Set(workloadIds)]}::text[]) as w(id)
    join lateral (select at from workload_log where workload_id = w.id and stream <> 'agent' order by id desc limit 1) l on true`
  return new Map(rows.map((row) => [row.id, row.at.getTime()]))
}
