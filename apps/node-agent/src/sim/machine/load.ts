import type { LoadPhase } from '../physics/rhythm'

/** What one replica's process does on this machine, as the process itself reports it. */
export interface SimLoad {
  replicaId: string
  pid: number
  /** Process name as `nvidia-smi` would show it. */
  name: string
  gpuUuids: readonly string[]
  phase: LoadPhase
  /** Share of time with a kernel resident while computing, and how hard the kernels work; 0 to 1. */
  busyShare: number
  intensity: number
  /** Held on each of its GPUs, in MiB. */
  gpuMemoryMib: number
  ramMib: number
  cpuCores: number
  netBytesPerS: number
}
