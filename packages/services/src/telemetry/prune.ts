import { RETENTION } from '@clawbernetes/domain/telemetry/retention'
import type { SystemCtx } from '../context'

const DAY_MS = 86_400_000
/** Runs of node agents that ended longer ago cannot repeat a batch that would still be stored. */
const BATCH_SEEN_MS = 3 * DAY_MS

/** Drops what is older than its retention, by whole partitions where there are some. Safe to run twice and at once. */
export async function pruneTelemetry({ sys }: { sys: SystemCtx }): Promise<{ partitions: number }> {
  const nowMs = sys.now().getTime()
  const day = (agoMs: number) => new Date(nowMs - agoMs).toISOString().slice(0, 10)
  let partitions = 0
  for (const [base, before] of [
    ['node_sample', day(RETENTION.rawMs)],
    ['node_minute', day(RETENTION.minuteMs)],
    ['node_hour', day(RETENTION.hourMs)],
  ] as const) {
    const [row] = await sys.db.$queryRaw<
      { dropped: number }[]
    >`select telemetry.drop_partitions(${base}, ${before}::date) as dropped`
    partitions += row?.dropped ?? 0
  }
  const oldest = new Date(nowMs - RETENTION.hourMs)
  await sys.db.$executeRaw`delete from telemetry.fleet_minute where at < ${oldest}`
  await sys.db.$executeRaw`delete from telemetry.batch_seen where seen_at < ${new Date(nowMs - BATCH_SEEN_MS)}`
  // The last value of a counter stays, however old: the next change is counted from it.
  await sys.db.$executeRaw`
    delete from telemetry.gpu_counter c where c.at < ${oldest} and exists (
      select 1 from telemetry.gpu_counter n where n.gpu_id = c.gpu_id and n.kind = c.kind and n.location = c.location
        and n.scope = c.scope and n.at > c.at)`
  return { partitions }
}
