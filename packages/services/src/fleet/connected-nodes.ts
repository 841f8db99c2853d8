import type { SystemCtx } from '../context'

export interface ConnectedNode {
  nodeId: string
  /** Whose connection counts; null: none is registered (the database came back from an older copy). */
  connectionId: string | null
  assignmentVersion: number
  epoch: number
  removed: boolean
  /** Commands wait for this node that it has not confirmed yet. */
  hasCommands: boolean
}

/** What a gateway compares a socket with, after a bell or when it is behind. */
export async function connectedNodes({
  sys,
  nodeIds,
}: {
  sys: SystemCtx
  nodeIds: string[]
}): Promise<ConnectedNode[]> {
  return sys.db.$queryRaw<ConnectedNode[]>`
    select n.id as "nodeId", c.connection_id as "connectionId", n.assignment_version as "assignmentVersion", n.epoch,
      n.removed_at is not null as removed,
      exists (select 1 from node_command k where k.node_id = n.id and k.state in ('queued', 'sent')) as "hasCommands"
    from node n left join gateway.connection c on c.node_id = n.id
    where n.id = any(${nodeIds})`
}

export interface HeldConnection {
  nodeId: string
  connectionId: string
  /** `epoch:version` of the list that the node has confirmed; null: none yet. */
  confirmed: string | null
}

/** Of many connections those that need a closer look: another one counts, the list is newer, or commands wait. */
export async function nodesBehind({ sys, held }: { sys: SystemCtx; held: HeldConnection[] }): Promise<string[]> {
  const rows = await sys.db.$queryRaw<{ id: string }[]>`
    select h.id
    from unnest(${held.map((h) => h.nodeId)}::text[], ${held.map((h) => h.connectionId)}::text[], ${held.map((h) => h.confirmed ?? '')}::text[]) as h(id, connection, confirmed)
    left join node n on n.id = h.id left join gateway.connection c on c.node_id = h.id
    where n.id is null or n.removed_at is not null or c.connection_id is distinct from h.connection
      or n.epoch || ':' || n.assignment_version <> h.confirmed
      or exists (select 1 from node_command k where k.node_id = h.id and k.state in ('queued', 'sent'))`
  return rows.map((row) => row.id)
}
