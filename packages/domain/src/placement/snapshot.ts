/** The fleet as placement sees it: facts only, read in one go. */
export interface FleetSnapshot {
  /** ISO time of the read. */
  at: string
  nodes: SnapshotNode[]
}

export interface SnapshotNode {
  id: string
  name: string
  online: boolean
  /** Why nothing new may go there (cordon, incompatible …); null: schedulable. */
  blocked: string | null
  labels: Record<string, string>
  memoryMib: number
  /** Memory that running replicas were promised. */
  memoryPromisedMib: number
  runtimes: { kind: 'container' | 'process'; engine: string; gpu: string }[]
  dataRoots: string[]
  dataPaths: { path: string; kind: 'dir' | 'file'; sizeMib: number | null }[]
  address: string | null
  demo: boolean
  gpus: SnapshotGpu[]
}

export interface SnapshotGpu {
  id: string
  uuid: string
  index: number
  model: string
  memoryMib: number | null
  /** Why it can't be used (quarantined, unreadable, missing …); null: usable. */
  unusable: string | null
  /** Workload that holds it; null: free. */
  heldBy: string | null
  linkDomain: string | null
}

export const isFree = (gpu: SnapshotGpu): boolean => gpu.unusable === null && gpu.heldBy === null
