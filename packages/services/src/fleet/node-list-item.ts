import { isPlaceable } from '@clawbernetes/domain/fleet/gpu-state'
import { nodeCondition, worstSeverity } from '@clawbernetes/domain/fleet/node-condition'
import { freshnessOf } from '@clawbernetes/domain/telemetry/freshness'
import type { GpuCell, NodeListItem } from '@clawbernetes/protocol/views/node'
import { readingOf, stateOf } from './gpu-view'
import { isCordoned } from './is-cordoned'
import type { LoadedFleet, NodeRow } from './load-fleet'

const NO_HOST: NodeListItem['host'] = {
  cpuPct: null,
  memUsedMib: null,
  diskUsedMib: null,
  netRxBytesPerS: null,
  netTxBytesPerS: null,
  load1: null,
}

export function gpuFactsOf(fleet: LoadedFleet, gpu: NodeRow['gpus'][number]) {
  return {
    health: gpu.health,
    readability: gpu.readability,
    missing: gpu.missingSince !== null,
    allocated: fleet.holders.has(gpu.id),
  }
}

export function nodeListItem(fleet: LoadedFleet, node: NodeRow): NodeListItem {
  const readings = node.gpus.map((gpu) => readingOf(fleet, node, gpu))
  const findings = fleet.findings.filter((finding) => finding.nodeId === node.id).map((finding) => finding.severity)
  const cordoned = isCordoned(node, fleet.nowMs)
  const facts = node.gpus.map((gpu) => gpuFactsOf(fleet, gpu))
  const latest = fleet.latest.get(node.num)
  const ecc = node.gpus.map((gpu) => fleet.ecc.get(gpu.id))
  return {
    id: node.id,
    name: node.name,
    demo: node.demo,
    status: node.status,
    statusReason: node.statusReason,
    condition: nodeCondition(node.status, facts, findings),
    cordon: cordoned ? cordonOf(fleet, node) : null,
    labels: node.labels as Record<string, string>,
    driver: (fleet.drivers.get(node.id) ?? 'none') as NodeListItem['driver'],
    gpuModels: countModels(node),
    gpusTotal: node.gpus.length,
    gpusAllocated: facts.filter((gpu) => gpu.allocated).length,
    gpusFree: facts.filter((gpu) => isPlaceable(gpu, { online: node.status === 'online', cordoned })).length,
    gpusQuarantined: facts.filter((gpu) => gpu.health === 'quarantined').length,
    gpusMissing: facts.filter((gpu) => gpu.missing).length,
    cells: node.gpus.map((gpu, i): GpuCell => cellOf(fleet, node, gpu, readings[i])),
    utilPct: mean(readings.map((reading) => reading.utilPct)),
    gpuMemUsedMib: sum(readings.map((reading) => reading.memUsedMib)),
    gpuMemTotalMib: sum(node.gpus.map((gpu) => gpu.memoryMib)),
    maxTempC: max(readings.map((reading) => reading.tempC)),
    powerW: sum(readings.map((reading) => reading.powerW)),
    host: latest?.host ?? NO_HOST,
    cpuCores: node.cpuCores,
    memoryMib: node.memoryMib,
    eccCorrected24h: sum(ecc.map((growth) => growth?.corrected ?? null)),
    eccUncorrected24h: sum(ecc.map((growth) => growth?.uncorrected ?? null)),
    workloads: workloadsOn(fleet, node),
    openFindings: findings.length,
    worstSeverity: worstSeverity(findings),
    sample: freshnessOf(latest?.atMs ?? null, fleet.nowMs),
    agentVersion: node.agentVersion,
    joinedAtMs: node.joinedAt.getTime(),
    lastSeenAtMs: node.lastSeenAt?.getTime() ?? null,
    version: node.version,
  }
}

function cordonOf(fleet: LoadedFleet, node: NodeRow): NodeListItem['cordon'] {
  if (!node.cordonedAt) return null
  const by = node.cordonedBy
  return {
    atMs: node.cordonedAt.getTime(),
    by: by ? { id: by, name: fleet.names.get(by) ?? 'Former member' } : null,
    reason: node.cordonReason ?? '',
    expiresAtMs: node.cordonExpiresAt?.getTime() ?? null,
  }
}

function cellOf(
  fleet: LoadedFleet,
  node: NodeRow,
  gpu: NodeRow['gpus'][number],
  reading = readingOf(fleet, node, gpu),
): GpuCell {
  const { utilPct, memUsedMib, tempC } = reading
  const memUsedPct = memUsedMib !== null && gpu.memoryMib ? (100 * memUsedMib) / gpu.memoryMib : null
  return { gpuId: gpu.id, index: gpu.index, state: stateOf(fleet, node, gpu), utilPct, memUsedPct, tempC }
}

function countModels(node: NodeRow): NodeListItem['gpuModels'] {
  const counts = new Map<string, number>()
  for (const gpu of node.gpus) counts.set(gpu.gpuModel, (counts.get(gpu.gpuModel) ?? 0) + 1)
  return [...counts].map(([model, count]) => ({ model, count }))
}

function workloadsOn(fleet: LoadedFleet, node: NodeRow): NodeListItem['workloads'] {
  const byId = new Map<string, { id: string; name: string; gpus: number }>()
  for (const gpu of node.gpus) {
    const holder = fleet.holders.get(gpu.id)
    if (!holder) continue
    const entry = byId.get(holder.workloadId) ?? { id: holder.workloadId, name: holder.name, gpus: 0 }
    byId.set(holder.workloadId, { ...entry, gpus: entry.gpus + 1 })
  }
  return [...byId.values()]
}

const known = (values: (number | null)[]): number[] => values.filter((value) => value !== null)
/** null when nothing reported: an empty sum is unknown, not zero. */
const sum = (values: (number | null)[]): number | null =>
  known(values).length === 0 ? null : known(values).reduce((a, b) => a + b, 0)
const max = (values: (number | null)[]): number | null =>
  known(values).length === 0 ? null : Math.max(...known(values))
const mean = (values: (number | null)[]): number | null => {
  const total = sum(values)
  return total === null ? null : total / known(values).length
}
