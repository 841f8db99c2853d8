import type { PlanStateName } from '@clawbernetes/protocol/views/plan'

/**
 *                       ┌──────────── rejected
 *                       ├──────────── expired
 *  proposed ────────────┼──────────── withdrawn
 *     │                 └──────────── stale
 *     ▼ approve                         ▲
 *  approved ───────── facts moved ──────┤
 *     │ first step                      │
 *     ▼                                 │
 *  running ── facts moved, nothing done ┘
 *     ├── all steps done ─────────── succeeded
 *     ├── some parts failed ──────── partial
 *     ├── a step failed ──────────── failed ──▶ compensating ─▶ compensated | needs_attention
 *     └── a person stopped it ────── cancelled
 *
 * A new revision of a proposed plan keeps it proposed. Every move is a compare-and-set on the row.
 */
export const PLAN_MOVES = {
  proposed: ['approved', 'rejected', 'expired', 'withdrawn', 'stale'],
  approved: ['running', 'stale', 'cancelled', 'failed'],
  running: ['succeeded', 'partial', 'failed', 'cancelled', 'stale', 'compensating', 'needs_attention'],
  failed: ['compensating'],
  compensating: ['compensated', 'needs_attention'],
  succeeded: [],
  partial: [],
  cancelled: [],
  rejected: [],
  expired: [],
  stale: [],
  withdrawn: [],
  compensated: [],
  needs_attention: [],
} as const satisfies Record<PlanStateName, readonly PlanStateName[]>

export const canMove = (from: PlanStateName, to: PlanStateName): boolean =>
  (PLAN_MOVES[from] as readonly PlanStateName[]).includes(to)

/** States from which nothing follows but reading (a failed plan may still be compensated). */
export const isFinal = (state: PlanStateName): boolean => state === 'failed' || PLAN_MOVES[state].length === 0

/** Why a plan in this state takes no decision any more, for the person who comes second. */
export const CLOSED_WORDS: Record<Exclude<PlanStateName, 'proposed'>, string> = {
  approved: 'It is already approved.',
  running: 'It is already approved and running.',
  succeeded: 'It was approved and is done.',
  partial: 'It was approved and partly done.',
  failed: 'It was approved and failed.',
  cancelled: 'It was cancelled.',
  rejected: 'It was rejected.',
  expired: 'It expired before it was decided.',
  stale: 'The fleet changed since it was proposed.',
  withdrawn: 'It was withdrawn.',
  compensating: 'It was approved and is being undone.',
  compensated: 'It was approved and undone.',
  needs_attention: 'It was approved and needs attention.',
}
