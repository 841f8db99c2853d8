import { THROTTLE_BITS, THROTTLE_TROUBLE } from '@clawbernetes/protocol/node/telemetry'

const WORDS: readonly [number, string][] = [
  [THROTTLE_BITS.hwThermal, 'hardware thermal slowdown'],
  [THROTTLE_BITS.swThermal, 'software thermal slowdown'],
  [THROTTLE_BITS.hwPowerBrake, 'power brake'],
  [THROTTLE_BITS.hwSlowdown, 'hardware slowdown'],
]

/** Plain words for the bits that mean trouble. Idle, chosen clocks and a software power cap on a busy GPU are normal. */
export function throttleWords(mask: number | null): string[] {
  if (mask === null || (mask & THROTTLE_TROUBLE) === 0) return []
  return WORDS.filter(([bit]) => (mask & bit) !== 0).map(([, words]) => words)
}
