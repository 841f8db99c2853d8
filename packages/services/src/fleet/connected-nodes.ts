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

/** What a gateway compares its sockets with: one query for all of them, every few seconds and after every bell. */
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
