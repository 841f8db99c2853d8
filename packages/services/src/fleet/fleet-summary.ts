import { isPlaceable } from '@clawbernetes/domain/fleet/gpu-state'
import { decode, elementOf, seriesPlace } from '@clawbernetes/domain/telemetry/layout'
import type { AttentionItem, FleetSummary } from '@clawbernetes/protocol/views/fleet'
import type { NodeListItem, NodeStatus } from '@clawbernetes/protocol/views/node'
import { type Ctx, requirePermission } from '../context'
import { listFindings } from '../diagnosis/list-findings'
import { attentionList } from './attention-list'
import { isCordoned } from './is-cordoned'
import { type LoadedFleet, loadFleet } from './load-fleet'
import { gpuFactsOf, nodeListItem } from './node-list-item'

const WINDOW_MS = 15 * 60_000
/** Less than this over the window counts as doing nothing. */
const IDLE_PCT = 5
/** So many minutes must have been seen before a GPU is called idle. */
const IDLE_MIN_MINUTES = 10
const MAX_ATTENTION = 50

/** The numbers above the fleet's map. What nobody reported is null, not zero. */
export async function fleetSummary({ ctx }: { ctx: Ctx }): Promise<FleetSummary> {
  requirePermission(ctx, 'read')
  const fleet = await loadFleet(ctx)
  const items = fleet.nodes.map((node) => nodeListItem(fleet, node))
  const [findings, idleGpus, utilPct15m] = await Promise.all([
    listFindings({ ctx }),
    readIdleGpus(ctx, fleet),
    readUtil(ctx),
  ])
  const attention = attentionList(fleet, items, findings)
  const live = items.filter((item) => item.status === 'online' && !item.sample.stale)
  return {
    nodes: countNodes(items),
    gpus: countGpus(fleet, items),
    utilPct15m,
    utilPctNow: weightedUtil(live),
    memUsedMib: sum(live.map((item) => item.gpuMemUsedMib)),
    memTotalMib: sum(live.map((item) => item.gpuMemTotalMib)),
    powerW: sum(live.map((item) => item.powerW)),
    maxTempC: live.reduce<number | null>(
      (max, item) => (item.maxTempC === null ? max : Math.max(max ?? item.maxTempC, item.maxTempC)),
      null,
    ),
    idleAllocated: idleByWorkload(fleet, idleGpus),
    attention: attention.slice(0, MAX_ATTENTION) satisfies AttentionItem[],
    attentionTotal: attention.length,
    atMs: fleet.nowMs,
  }
}

function countNodes(items: NodeListItem[]): FleetSummary['nodes'] {
  const byStatus: Record<NodeStatus, number> = { joining: 0, online: 0, offline: 0, incompatible: 0, lost: 0 }
  for (const item of items) byStatus[item.status]++
  const degraded = items.filter((item) => item.condition === 'degraded' || item.condition === 'critical').length
  const cordoned = items.filter((item) => item.cordon !== null).length
  return { total: items.length, byStatus, degraded, cordoned, demo: items.filter((item) => item.demo).length }
}

function countGpus(fleet: LoadedFleet, items: NodeListItem[]): FleetSummary['gpus'] {
  const total = (pick: (item: NodeListItem) => number) => items.reduce((all, item) => all + pick(item), 0)
  const gpus = fleet.nodes.flatMap((node) => node.gpus)
  return {
    total: gpus.length,
    allocated: total((item) => item.gpusAllocated),
    free: total((item) => item.gpusFree),
    quarantined: total((item) => item.gpusQuarantined),
    suspect: gpus.filter((gpu) => gpu.health === 'suspect').length,
    missing: total((item) => item.gpusMissing),
    unreachable: items.filter((item) => item.status !== 'online').reduce((all, item) => all + item.gpusTotal, 0),
    byModel: countModels(fleet),
  }
}

function countModels(fleet: LoadedFleet): FleetSummary['gpus']['byModel'] {
  const models = new Map<string, { model: string; total: number; allocated: number; free: number }>()
  for (const node of fleet.nodes) {
    const place = { online: node.status === 'online', cordoned: isCordoned(node, fleet.nowMs) }
    for (const gpu of node.gpus) {
      const { total, allocated, free } = models.get(gpu.gpuModel) ?? { total: 0, allocated: 0, free: 0 }
      const facts = gpuFactsOf(fleet, gpu)
      models.set(gpu.gpuModel, {
        model: gpu.gpuModel,
        total: total + 1,
        allocated: allocated + Number(facts.allocated),
        free: free + Number(isPlaceable(facts, place)),
      })
    }
  }
  return [...models.values()].sort((a, b) => b.total - a.total || a.model.localeCompare(b.model))
}

/** Held GPUs that did next to nothing over the last minutes. GPUs that did not report are not idle: nobody knows. */
async function readIdleGpus(ctx: Ctx, fleet: LoadedFleet): Promise<string[]> {
  const held = fleet.nodes.flatMap((node) =>
    node.gpus.flatMap((gpu) => {
      const slot = fleet.slots.get(gpu.id)
      return fleet.holders.has(gpu.id) && slot !== undefined
        ? [{ id: gpu.id, num: node.num, element: elementOf(slot, 0) }]
        : []
    }),
  )
  if (held.length === 0) return []
  const since = new Date(fleet.nowMs - WINDOW_MS)
  const rows = await ctx.db.$queryRaw<{ id: string; util: number }[]>`
    select h.id, avg(m.gpu_avg[h.element])::float8 as util
    from unnest(${held.map((h) => h.id)}::text[], ${held.map((h) => h.num)}::int[], ${held.map((h) => h.element)}::int[]) as h(id, num, element)
    join telemetry.node_minute m on m.node = h.num and m.at >= ${since}
    group by h.id having count(m.gpu_avg[h.element]) >= ${IDLE_MIN_MINUTES}`
  const { unit } = seriesPlace('utilPct')
  return rows.filter((row) => (decode(row.util, unit) ?? IDLE_PCT) < IDLE_PCT).map((row) => row.id)
}

function idleByWorkload(fleet: LoadedFleet, gpuIds: string[]): FleetSummary['idleAllocated'] {
  const byId = new Map<string, { id: string; name: string; gpus: number }>()
  for (const gpuId of gpuIds) {
    const holder = fleet.holders.get(gpuId)
    if (!holder) continue
    const entry = byId.get(holder.workloadId) ?? { id: holder.workloadId, name: holder.name, gpus: 0 }
    byId.set(holder.workloadId, { ...entry, gpus: entry.gpus + 1 })
  }
  return { gpus: gpuIds.length, workloads: [...byId.values()].sort((a, b) => b.gpus - a.gpus) }
}

async function readUtil(ctx: Ctx): Promise<number | null> {
  const since = new Date(ctx.now().getTime() - WINDOW_MS)
  const [row] = await ctx.db.$queryRaw<{ util: number | null }[]>`
    select (sum(util_pct * gpus) / nullif(sum(gpus) filter (where util_pct is not null), 0))::float8 as util
    from telemetry.fleet_minute where org_id = ${ctx.actor.orgId} and at >= ${since}`
  return row?.util ?? null
}

/** Mean over GPUs, not over nodes: a node with eight counts eight times. */
function weightedUtil(items: NodeListItem[]): number | null {
  const cells = items.flatMap((item) => item.cells.flatMap((cell) => cell.utilPct ?? []))
  return cells.length === 0 ? null : cells.reduce((a, b) => a + b, 0) / cells.length
}

function sum(values: (number | null)[]): number | null {
  const known = values.filter((value) => value !== null)
  return known.length === 0 ? null : known.reduce((a, b) => a + b, 0)
}
