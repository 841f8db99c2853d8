import { type MoveOptions, planMoves, type Stuck } from '@clawbernetes/domain/placement/plan-moves'
import type { FleetSnapshot } from '@clawbernetes/domain/placement/snapshot'
import type { LiveWorkload } from '@clawbernetes/services/workloads/live-workloads'
import type { MovePlan } from './move-steps'

/** Where these workloads would go, with a checkpoint first where they can write one. */
export function planLeaving(
  workloads: readonly LiveWorkload[],
  snapshot: FleetSnapshot,
  options: MoveOptions & { checkpoint?: boolean },
): { moves: MovePlan[]; stuck: Stuck[] } {
  const { moves, stuck } = planMoves(workloads, snapshot, options)
  return {
    stuck,
    moves: moves.map((move) => ({
      ...move,
      spec: null,
      checkpoints: (options.checkpoint ?? true) && canSave(workloads.find((w) => w.id === move.workload.id)),
    })),
  }
}

/** It says how it is asked, and it is far enough to have something to save. */
const canSave = (workload: LiveWorkload | undefined): boolean =>
  workload !== undefined && workload.spec.checkpoint !== null && workload.spec.kind !== 'service'
