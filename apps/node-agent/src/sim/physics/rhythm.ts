import type { GpuDemand } from './gpu-step'
import { drift } from './noise'

/** What a process does on its GPUs just now, as it says itself. */
export type LoadPhase = 'loading' | 'compute' | 'checkpoint' | 'hung' | 'waiting'

/** How long one round of steps and data loading takes, and which share of it waits for data. */
const CYCLE_MS = 41_000
const DATA_WAIT_SHARE = 0.05
const DATA_WAIT_DEPTH = 0.14

/**
 * Demand of one GPU of a process at a moment. The rhythm (data loading) is the process's, so that all GPUs of a gang dip
 * together; the small noise is each GPU's own.
 */
export function demandAt(
  phase: LoadPhase,
  busyShare: number,
  intensity: number,
  tMs: number,
  processSeed: number,
  gpuSeed: number,
): GpuDemand {
  switch (phase) {
    case 'hung':
    case 'waiting':
      return { busy: 0, intensity: 0 }
    case 'loading':
      return { busy: 0.06 + 0.03 * (1 + drift(gpuSeed, tMs, 1700)), intensity: 0.3 }
    case 'checkpoint':
      return { busy: busyShare * 0.35, intensity: intensity * 0.4 }
    case 'compute': {
      const noise = 0.012 * drift(gpuSeed, tMs, 2300) + 0.006 * drift(processSeed, tMs, 9000)
      const inCycle = ((tMs + (processSeed % CYCLE_MS)) % CYCLE_MS) / CYCLE_MS
      const dip = inCycle < DATA_WAIT_SHARE ? DATA_WAIT_DEPTH * Math.sin((inCycle / DATA_WAIT_SHARE) * Math.PI) : 0
      return {
        busy: Math.min(1, Math.max(0.03, busyShare * (1 - dip) + noise)),
        intensity: Math.min(1, Math.max(0.1, intensity + 0.02 * drift(gpuSeed ^ 0x5bd1, tMs, 5100))),
      }
    }
  }
}
