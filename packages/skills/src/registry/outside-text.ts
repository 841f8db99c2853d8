interface Told {
  name: string
  status: string
  statusReason: string | null
}

/** Why a workload failed is told by its node or its container; why it waits is said by us. */
export function toldByNodes(workloads: readonly Told[]): { untrusted?: string } {
  const told = workloads.filter((w) => w.status === 'failed' && w.statusReason !== null)
  const [first] = told
  if (!first) return {}
  return {
    untrusted: told.length === 1 ? `what nodes said of ${first.name}` : `what nodes said of ${told.length} workloads`,
  }
}
