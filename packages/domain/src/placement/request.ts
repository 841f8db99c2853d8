/** What is to be placed. Whole replicas on one node each; `gang`: all or nothing. */
export interface PlacementRequest {
  replicas: number
  gpusPerReplica: number
  gang: boolean
  runtime: 'container' | 'process'
  gpuModel: string | null
  minGpuMemoryMib: number | null
  nodes: string[] | null
  excludeNodes: string[]
  labels: Record<string, string>
  memoryMib: number | null
  /** Paths that must be on the node (a data set, a model). */
  requiredPaths: string[]
}
