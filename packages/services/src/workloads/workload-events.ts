import type { WorkloadModel } from '@clawbernetes/db/rows'

/** For those who watch the organisation's workloads and those who watch this one. */
export const workloadEvents = (row: WorkloadModel) =>
  [`org:${row.orgId}`, `workload:${row.id}`].map((room) => ({
    orgId: row.orgId,
    room,
    kind: 'workload.status',
    entityId: row.id,
    entityVersion: row.version,
    data: { name: row.name, status: row.status },
  }))
