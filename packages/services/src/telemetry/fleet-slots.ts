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

/**
 * The organisation's GPUs in frame order: nodes by number, GPUs by slot. Nodes without GPUs have no place in it. Sorted once
 * and read as one JSON value: an order in each aggregate and a mapping of each array cost twice as much.
 */
export async function fleetSlots(ctx: Ctx): Promise<SlotNode[]> {
  const [row] = await ctx.db.$queryRaw<{ nodes: string | null }[]>`
    with gpus as (
      select n.id, n.num, n.name, n.status::text as status, n.demo,
        n.cordoned_at is not null and (n.cordon_expires_at is null or n.cordon_expires_at > ${ctx.now()}) as cordoned,
        g.id as gpu_id, g.index, g.gpu_model, s.slot::int as slot, g.memory_mib, g.facts -> 'powerLimitW' as power_limit_w,
        g.facts -> 'slowdownTempC' as slowdown_temp_c, g.health::text as health, g.readability,
        g.missing_since is not null as missing, r.gpu_id is not null as held
      from node n join gpu g on g.node_id = n.id join telemetry.gpu_slot s on s.gpu_id = g.id
      left join reservation r on r.gpu_id = g.id and r.released_at is null
      where n.org_id = ${ctx.actor.orgId} and n.removed_at is null
      order by n.num, s.slot
    ), nodes as (
      select id, num, name, status, demo, cordoned, json_build_array(
        json_agg(gpu_id), json_agg(index), json_agg(gpu_model), json_agg(slot), json_agg(memory_mib),
        json_agg(power_limit_w), json_agg(slowdown_temp_c), json_agg(health), json_agg(readability), json_agg(missing),
        json_agg(held)) as gpus
      from gpus group by num, id, name, status, demo, cordoned order by num
    )
    select json_agg(json_build_array(n.id, n.num, n.name, n.status, n.demo, n.cordoned, o.labels, n.gpus) order by n.num)::text as nodes
    from nodes n join node o on o.id = n.id`
  return (JSON.parse(row?.nodes ?? '[]') as Stored[]).map(toNode)
}

type Stored = [
  id: string,
  num: number,
  name: string,
  status: NodeStatus,
  demo: boolean,
  cordoned: boolean,
  labels: Record<string, string>,
  gpus: [
    string[],
    number[],
    string[],
    number[],
    (number | null)[],
    (number | null)[],
    (number | null)[],
    string[],
    string[],
    boolean[],
    boolean[],
  ],
]

const toNode = ([id, num, name, status, demo, cordoned, labels, gpus]: Stored): SlotNode => {
  const [gpuIds, indexes, models, slots, memoryMib, powerLimitW, slowdownTempC, health, readability, missing, held] =
    gpus
  return {
    id,
    num,
    name,
    status,
    demo,
    cordoned,
    labels,
    gpuIds,
    indexes,
    models,
    slots,
    memoryMib,
    powerLimitW,
    slowdownTempC,
    health,
    readability,
    missing,
    held,
  }
}

/** Changes whenever a GPU comes, goes or moves: a frame may only be read with the table of its version. */
export function slotVersion(nodes: readonly SlotNode[]): string {
  const hash = createHash('sha1')
  for (const node of nodes) hash.update(node.id).update(node.gpuIds.join())
  return hash.digest('hex').slice(0, 16)
}
