import type { SystemCtx } from '../context'
import { ring } from '../log/ring'

interface Claim {
  sys: SystemCtx
  nodeId: string
  connectionId: string
  gatewayId: string
}

/** The newest proven connection of a node is its only one: whoever held it before finds out by the bell or at its next look. */
export async function claimConnection({ sys, nodeId, connectionId, gatewayId }: Claim): Promise<void> {
  await sys.db.$executeRaw`
    insert into gateway.connection (node_id, connection_id, gateway_id, since) values (${nodeId}, ${connectionId}, ${gatewayId}, ${sys.now()})
    on conflict (node_id) do update set connection_id = excluded.connection_id, gateway_id = excluded.gateway_id, since = excluded.since`
  await ring(sys.db, { topic: 'assignments', nodeId })
}

/** Forgets a connection that ended, unless a newer one has replaced it. */
export async function releaseConnection({ sys, nodeId, connectionId }: Omit<Claim, 'gatewayId'>): Promise<void> {
  await sys.db.$executeRaw`delete from gateway.connection where node_id = ${nodeId} and connection_id = ${connectionId}`
}
