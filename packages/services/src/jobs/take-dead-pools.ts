import type { SystemCtx } from '../context'

/** A pool that has not beaten for this long is dead: a beat comes every second. */
const DEAD_AFTER_S = 5

/** Ids of pools that died, each handed to exactly one caller. Includes owners of locked jobs that never beat at all. */
export async function takeDeadPools({ db }: SystemCtx): Promise<string[]> {
  const silent = await db.$queryRaw<
    { pool_id: string }[]
  >`delete from worker_beat where seen_at < now() - make_interval(secs => ${DEAD_AFTER_S}) returning pool_id`
  const unknown = await db.$queryRaw<{ pool_id: string }[]>`
    select distinct locked_by as pool_id from graphile_worker._private_jobs j
    where locked_by is not null and locked_at < now() - make_interval(secs => ${DEAD_AFTER_S * 2})
      and not exists (select 1 from worker_beat b where b.pool_id = j.locked_by)`
  return [...new Set([...silent, ...unknown].map((row) => row.pool_id))]
}
