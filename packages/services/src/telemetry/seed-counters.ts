import type { SystemCtx } from '../context'

const HOUR_MS = 3_600_000

export interface SeedCounter {
  node: string
  /** Index on the node. */
  gpu: number
  kind: string
  location: string
  scope: string
  hoursAgo: number
  value: number
}

/** Writes what counters stood at before a demo's nodes joined, in the boot that they are in. A repeat changes nothing. */
export async function seedCounters({
  sys,
  orgId,
  counters,
}: {
  sys: SystemCtx
  orgId: string
  counters: readonly SeedCounter[]
}): Promise<number> {
  let written = 0
  for (const counter of counters) {
    const at = new Date(sys.now().getTime() - counter.hoursAgo * HOUR_MS)
    written += await sys.db.$executeRaw`
      insert into telemetry.gpu_counter (gpu_id, kind, location, scope, boot_id, value, at)
      select g.id, ${counter.kind}, ${counter.location}, ${counter.scope}, n.inventory->>'bootId', ${counter.value}, ${at}
      from gpu g join node n on n.id = g.node_id
      where n.org_id = ${orgId} and n.demo and n.removed_at is null and n.name = ${counter.node} and g.index = ${counter.gpu}
        and not exists (select 1 from telemetry.gpu_counter c where c.gpu_id = g.id and c.kind = ${counter.kind}
          and c.location = ${counter.location} and c.scope = ${counter.scope} and c.at < ${new Date(at.getTime() + HOUR_MS)})
      on conflict do nothing`
  }
  return written
}
