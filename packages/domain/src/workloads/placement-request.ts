import type { WorkloadSpec } from '@clawbernetes/protocol/workloads/spec'
import type { PlacementRequest } from '../placement/request'

/** What placement is asked for a workload: its shape, its rules, and the data that must be on the node. */
export const placementRequest = (spec: WorkloadSpec): PlacementRequest => ({
  replicas: spec.replicas,
  gpusPerReplica: spec.gpusPerReplica,
  gang: spec.gang,
  runtime: spec.runtime,
  gpuModel: spec.placement.gpuModel,
  minGpuMemoryMib: null,
  nodes: spec.placement.nodes,
  excludeNodes: spec.placement.excludeNodes,
  labels: spec.placement.labels,
  memoryMib: spec.memoryMib,
  requiredPaths: spec.mounts.filter((m) => m.readOnly).map((m) => m.hostPath),
})
