import { Prisma, type WorkloadModel } from '@clawbernetes/db/rows'

/** A plan has it between two places, or it is on its way back from a move that did not end well. */
export const isMoving = (workload: Pick<WorkloadModel, 'movingPlan' | 'returnTo'>): boolean =>
  workload.movingPlan !== null || workload.returnTo !== null

export const MOVE_IS_OVER = { movingPlan: null, returnTo: Prisma.DbNull } as const
