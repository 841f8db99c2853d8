import type { GpuHealth, GpuState } from '@clawbernetes/protocol/views/gpu'

export interface GpuFacts {
  health: GpuHealth
  /** Last verdict of the driver. */
  readability: string
  missing: boolean
  allocated: boolean
  /** Its node reports and the last sample is not stale. */
  reporting: boolean
  /** Its node takes no new work. */
  cordoned: boolean
}

/**
 * One word for a GPU, the gravest that is true. A GPU that nobody can read is neither free nor healthy, and one that nothing
 * can be placed on is not free.
 */
export function gpuState(gpu: GpuFacts): GpuState {
  if (gpu.missing) return 'missing'
  if (gpu.health === 'failed' || gpu.health === 'quarantined' || gpu.health === 'resetting') return gpu.health
  if (gpu.readability !== 'ok') return 'unreadable'
  if (!gpu.reporting) return 'no-data'
  if (gpu.health === 'suspect') return 'suspect'
  if (gpu.allocated) return 'allocated'
  return gpu.cordoned ? 'cordoned' : 'free'
}

/** Could a placement take it now? The same conditions as placement's own. A suspect GPU may: a person decides otherwise. */
export function isPlaceable(
  gpu: Omit<GpuFacts, 'reporting' | 'cordoned'>,
  node: { online: boolean; cordoned: boolean },
): boolean {
  const usable = !gpu.missing && gpu.readability === 'ok' && (gpu.health === 'ok' || gpu.health === 'suspect')
  return usable && !gpu.allocated && node.online && !node.cordoned
}
