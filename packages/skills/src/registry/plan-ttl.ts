import type { Risk } from '@clawbernetes/protocol/plans/content'

/** How long a card may wait for its decision, in seconds (agent.md 5). */
export const TTL_S: Record<Risk, number> = {
  read: 60,
  low: 24 * 3600,
  medium: 30 * 60,
  high: 10 * 60,
  critical: 10 * 60,
}
