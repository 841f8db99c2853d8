import type { FleetSnapshot } from '@clawbernetes/domain/placement/snapshot'
import { type Ctx, requirePermission } from '../context'
import { readSnapshot } from './read-snapshot'

/** The caller's fleet for previews and explanations: the same snapshot that placement decides on. */
export async function readFleet({ ctx }: { ctx: Ctx }): Promise<FleetSnapshot> {
  requirePermission(ctx, 'read')
  return readSnapshot(ctx.db, ctx.actor.orgId, ctx.now())
}
