/** Shortest and longest wait between two attempts to connect. */
export const RECONNECT_FLOOR_MS = 500
export const RECONNECT_CAP_MS = 30_000

/**
 * Wait before attempt `attempt` (0 is the first retry): exponential with full jitter, so that a thousand nodes that lost
 * the same gateway do not come back in one moment.
 * @param random in [0, 1)
 */
export function reconnectDelayMs(attempt: number, random: number): number {
  const ceiling = Math.min(RECONNECT_CAP_MS, RECONNECT_FLOOR_MS * 2 ** Math.min(attempt, 16))
  return Math.round(random * ceiling)
}
