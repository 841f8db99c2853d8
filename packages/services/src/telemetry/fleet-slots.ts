import { createHash } from 'node:crypto'
import type { NodeStatus } from '@clawbernetes/db/rows'
import type { Ctx } from '../context'

/** A node with its GPUs in the order of a frame, as one row: a fleet of a thousand nodes is a thousand rows. */
export interface SlotNode {
  id: string
  num: number
  name: string
  status: NodeStatus
  labels: Record<string, string>
  cordoned: boolean
  demo: boolean
  gpuIds: string[]
  indexes: number[]
  models: string[]
  slots: number[]
  memoryMib: (number | null)[]
  powerLimitW: (number | null)[]
  slowdownTempC: (number | null)[]
  health: string[]
  readability: string[]
  missing: boolean[]
  held: boolean[]
}

/** The organisation's GPUs in frame order: nodes by number, GPUs by slot. Nodes without GPUs have no place in it. */
export async function fleetSlots(ctx: Ctx): Promise<SlotNode[]> {
  return ctx.db.$queryRaw<SlotNode[]>`
    select n.id, n.num, n.name, n.status::text as status, n.labels, n.demo,
      n.cordoned_at is not null and (n.cordon_expires_at is null or n.cordon_expires_at > ${ctx.now()}) as cordoned,
      array_agg(g.id order by s.slot) as "gpuIds", array_agg(g.index order by s.slot) as indexes,
      array_agg(g.gpu_model order by s.slot) as models, array_agg(s.slot::int order by s.slot) as slots,
      array_agg(g.memory_mib order by s.slot) as "memoryMib",
      array_agg((g.facts->>'powerLimitW')::float8 order by s.slot) as "powerLimitW",
      array_agg((g.facts->>'slowdownTempC')::float8 order by s.slot) as "slowdownTempC",
      array_agg(g.health::text order by s.slot) as health, array_agg(g.readability order by s.slot) as readability,
      array_agg(g.missing_since is not null order by s.slot) as missing,
      array_agg(r.gpu_id is not null order by s.slot) as held
    from node n join gpu g on g.node_id = n.id join telemetry.gpu_slot s on s.gpu_id = g.id
    left join reservation r on r.gpu_id = g.id and r.released_at is null
    where n.org_id = ${ctx.actor.orgId} and n.removed_at is null
    group by n.id order by n.num`
}

/** Changes whenever a GPU comes, goes or moves: a frame may only be read with the table of its version. */
export function slotVersion(nodes: readonly SlotNode[]): string {
  const hash = createHash('sha1')
  for (const node of nodes) hash.update(node.id).update(node.gpuIds.join())
  return hash.digest('hex').slice(0, 16)
}
