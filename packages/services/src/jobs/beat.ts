import type { SystemCtx } from '../context'

/** Says that these worker pools live. Write it before the first job is claimed, or a pool that dies at once is never missed. */
export async function beat({ db }: SystemCtx, input: { poolIds: string[]; role: string }): Promise<void> {
  // The database's clock: processes on several machines compare with one another.
  for (const poolId of input.poolIds)
    await db.$executeRaw`insert into worker_beat (pool_id, role, seen_at) values (${poolId}, ${input.role}, now()) on conflict (pool_id) do update set seen_at = now()`
}

/** Takes this process's beats away at a clean end. */
export async function endBeat({ db }: SystemCtx, input: { poolIds: string[] }): Promise<void> {
  await db.workerBeat.deleteMany({ where: { poolId: { in: input.poolIds } } })
}
