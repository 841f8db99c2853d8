import { type GpuSample, type HealthEvent, THROTTLE_TROUBLE } from '@clawbernetes/protocol/node/telemetry'

interface Seen {
  readability: GpuSample['readability']
  troubleMask: number
  /** A change seen once, waiting for a second reading that agrees. */
  candidate: { mask: number; sinceMs: number } | null
}

/**
 * Turns successive readings into events: a GPU that became lost, unreadable or readable again, and throttling that began
 * or ended. A throttle state counts from the second reading in a row: bit 0x8 flashes when clocks change.
 */
export class HealthTransitions {
  readonly #seen = new Map<string, Seen>()

  of(gpus: GpuSample[], atMs: number): HealthEvent[] {
    return gpus.flatMap((gpu) => {
      const seen = this.#seen.get(gpu.uuid) ?? { readability: 'ok' as const, troubleMask: 0, candidate: null }
      this.#seen.set(gpu.uuid, seen)
      return [...readabilityEvents(gpu, seen, atMs), ...throttleEvents(gpu, seen, atMs)]
    })
  }
}

function readabilityEvents(gpu: GpuSample, seen: Seen, atMs: number): HealthEvent[] {
  if (gpu.readability === seen.readability) return []
  seen.readability = gpu.readability
  const kind = gpu.readability === 'ok' ? 'gpu-recovered' : gpu.readability === 'lost' ? 'gpu-lost' : 'gpu-unreadable'
  const line = gpu.readability === 'requires-reset' ? 'GPU requires reset' : null
  return [event(kind, gpu.uuid, atMs, null, line)]
}

function throttleEvents(gpu: GpuSample, seen: Seen, atMs: number): HealthEvent[] {
  // Not told is neither throttled nor free of it: the last verdict stands.
  if (gpu.throttleMask === null) return []
  const mask = gpu.throttleMask & THROTTLE_TROUBLE
  if (mask === seen.troubleMask) {
    seen.candidate = null
    return []
  }
  if (seen.candidate === null || (seen.candidate.mask === 0) !== (mask === 0)) {
    seen.candidate = { mask, sinceMs: atMs }
    return []
  }
  const { sinceMs } = seen.candidate
  const began = seen.troubleMask === 0
  const before = seen.troubleMask
  seen.troubleMask = mask
  seen.candidate = null
  if (mask === 0) return [event('throttle-end', gpu.uuid, sinceMs, before)]
  // One kind of trouble turning into another ends the first: an event each, so that the mask is always known.
  return began
    ? [event('throttle-start', gpu.uuid, sinceMs, mask)]
    : [event('throttle-end', gpu.uuid, sinceMs, before), event('throttle-start', gpu.uuid, sinceMs, mask)]
}

function event(
  kind: HealthEvent['kind'],
  uuid: string,
  atMs: number,
  code: number | null,
  line: string | null = null,
): HealthEvent {
  return { key: `${kind}:${uuid}:${atMs}`, atMs, kind, uuid, pciBusId: null, code, line, replicaId: null }
}
