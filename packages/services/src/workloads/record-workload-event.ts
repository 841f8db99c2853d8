import type { Prisma } from '@clawbernetes/db/rows'
import type { Tx } from '../context'
import { recordEvents } from '../log/record-events'

/** Tells those who watch the organisation's workloads and those who watch this one. */
export async function recordWorkloadEvent(
  tx: Tx,
  workload: { id: string; orgId: string; version: number; status: string; name: string },
  kind = 'workload.status',
): Promise<void> {
  const data: Prisma.InputJsonObject = { name: workload.name, status: workload.status }
  const event = { orgId: workload.orgId, kind, entityId: workload.id, entityVersion: workload.version, data }
  await recordEvents(tx, [
    { ...event, room: `org:${workload.orgId}` },
    { ...event, room: `workload:${workload.id}` },
  ])
}
