import type { GpuDemand } from './gpu-step'

/**
 * In a gang every step ends in a collective: a faster GPU waits there for the slowest one. Waiting keeps a kernel
 * resident (NCCL spins), so the driver still shows it as busy, but it draws less.
 */
export function gangDemand(own: GpuDemand, ownSpeed: number, slowestSpeed: number): GpuDemand {
  if (ownSpeed <= 0 || slowestSpeed >= ownSpeed) return own
  const working = slowestSpeed / ownSpeed
  const WAITING_INTENSITY = 0.35
  return { busy: own.busy, intensity: own.intensity * working + WAITING_INTENSITY * (1 - working) }
}

/** Relative speed of a gang: its slowest GPU's. */
export const gangSpeed = (speeds: readonly number[]): number => (speeds.length === 0 ? 1 : Math.min(...speeds))
