import type { NodeListItem } from '@clawbernetes/protocol/views/node'
import { type Ctx, requirePermission } from '../context'
import { loadFleet } from './load-fleet'
import { nodeListItem } from './node-list-item'

/** All nodes of the organisation by name, with their last values and how old those are. */
export async function listNodes({ ctx }: { ctx: Ctx }): Promise<NodeListItem[]> {
  requirePermission(ctx, 'read')
  const fleet = await loadFleet(ctx)
  return fleet.nodes.map((node) => nodeListItem(fleet, node))
}
