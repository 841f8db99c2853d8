interface WorkloadOfEvent {
  id: string
  orgId: string
  version: number
  status: string
  name: string
}

/** For those who watch the organisation's workloads and those who watch this one. */
export const workloadEvents = (row: WorkloadOfEvent, kind = 'workload.status') =>
  [`org:${row.orgId}`, `workload:${row.id}`].map((room) => ({
    orgId: row.orgId,
    room,
    kind,
    entityId: row.id,
    entityVersion: row.version,
    data: { name: row.name, status: row.status },
  }))
