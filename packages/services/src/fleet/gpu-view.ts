import { gpuState } from '@clawbernetes/domain/fleet/gpu-state'
import { throttleWords } from '@clawbernetes/domain/fleet/throttle-words'
import { freshnessOf } from '@clawbernetes/domain/telemetry/freshness'
import { decodeGpu } from '@clawbernetes/domain/telemetry/layout'
import type { GpuProcess } from '@clawbernetes/protocol/node/telemetry'
import type { GpuReading, GpuView } from '@clawbernetes/protocol/views/gpu'
import { isCordoned } from './is-cordoned'
import type { LoadedFleet, NodeRow } from './load-fleet'
import type { GpuRow } from './read-gpu-rows'

/** A GPU's last values, decoded. Of a GPU without a place or a node that never reported all are null. */
export function readingOf(fleet: LoadedFleet, node: NodeRow, gpu: GpuRow): GpuReading {
  const slot = fleet.slots.get(gpu.id)
  const values = decodeGpu(fleet.latest.get(node.num)?.gpus ?? [], slot ?? 32)
  return { ...values, throttleReasons: throttleWords(values.throttleMask) }
}

export function stateOf(fleet: LoadedFleet, node: NodeRow, gpu: GpuRow): GpuView['state'] {
  const sample = freshnessOf(fleet.latest.get(node.num)?.atMs ?? null, fleet.nowMs)
  return gpuState({
    health: gpu.health,
    readability: gpu.readability,
    missing: gpu.missingSince !== null,
    allocated: fleet.holders.has(gpu.id),
    reporting: node.status === 'online' && !sample.stale,
    cordoned: isCordoned(node, fleet.nowMs),
  })
}

export function gpuView(fleet: LoadedFleet, node: NodeRow, gpu: GpuRow, processes: GpuProcess[]): GpuView {
  const holder = fleet.holders.get(gpu.id)
  const ecc = fleet.ecc.get(gpu.id)
  return {
    id: gpu.id,
    uuid: gpu.uuid,
    nodeId: node.id,
    nodeName: node.name,
    demo: node.demo,
    index: gpu.index,
    slot: fleet.slots.get(gpu.id) ?? gpu.index,
    vendor: gpu.vendor,
    name: gpu.name,
    model: gpu.gpuModel,
    memoryMib: gpu.memoryMib,
    powerLimitW: gpu.facts?.powerLimitW ?? null,
    slowdownTempC: gpu.facts?.slowdownTempC ?? null,
    shutdownTempC: gpu.facts?.shutdownTempC ?? null,
    slowdownMarginC: gpu.facts?.slowdownMarginC ?? null,
    pciBusId: gpu.facts?.pciBusId ?? null,
    serial: gpu.facts?.serial ?? null,
    migEnabled: gpu.facts?.migEnabled ?? null,
    linkDomain: gpu.facts?.linkDomain ?? null,
    state: stateOf(fleet, node, gpu),
    health: gpu.health,
    healthReason: gpu.healthReason,
    readability: gpu.readability as GpuView['readability'],
    missingSinceMs: gpu.missingSince?.getTime() ?? null,
    reading: readingOf(fleet, node, gpu),
    sample: freshnessOf(fleet.latest.get(node.num)?.atMs ?? null, fleet.nowMs),
    processes: processes
      .filter((process) => process.uuid === gpu.uuid)
      .map(({ pid, name, memUsedMib, replicaId }) => ({ pid, name, memUsedMib, replicaId })),
    workload: holder
      ? { id: holder.workloadId, name: holder.name, kind: holder.kind, replicaId: holder.replicaId }
      : null,
    eccCorrected24h: ecc?.corrected ?? null,
    eccUncorrected24h: ecc?.uncorrected ?? null,
    openFindings: fleet.findings.filter((finding) => finding.gpuId === gpu.id).length,
    version: gpu.version,
  }
}
