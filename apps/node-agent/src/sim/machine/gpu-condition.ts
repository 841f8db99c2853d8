import type { Fault } from '../faults/fault'
import { xidOf } from '../faults/xid-lines'

/** What the faults that are on make of one GPU. */
export interface GpuCondition {
  readability: 'ok' | 'lost' | 'requires-reset'
  fanHealth: number
  /** Corrected errors an hour on top of the card's own. */
  correctedPerHour: number
}

/** A blocked fan: enough that a GPU under training settles at its slowdown temperature. */
const BLOCKED_FAN = 0.345
const FAULTY_CORRECTED_PER_HOUR = 1800

export function conditionOf(faults: readonly Fault[], gpu: number): GpuCondition {
  const condition: GpuCondition = { readability: 'ok', fanHealth: 1, correctedPerHour: 0 }
  for (const fault of faults) {
    if (fault.gpu !== gpu) continue
    if (fault.kind === 'thermal-throttle') condition.fanHealth = BLOCKED_FAN
    if (fault.kind === 'ecc-growth') condition.correctedPerHour = FAULTY_CORRECTED_PER_HOUR
    if (fault.kind === 'gpu-lost') condition.readability = 'lost'
    if (fault.kind === 'xid') {
      const effect = xidOf(fault.code ?? 0).effect
      if (effect === 'gpu-lost') condition.readability = 'lost'
      if (effect === 'needs-reset' && condition.readability === 'ok') condition.readability = 'requires-reset'
    }
  }
  return condition
}
