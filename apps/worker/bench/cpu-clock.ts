import { readFile } from 'node:fs/promises'
import type { SystemCtx } from '@clawbernetes/services/context'

/** Linux counts a process' CPU in hundredths of a second. */
const TICKS_PER_SECOND = 100

/** Seconds of CPU by process of the database; empty where /proc does not tell. */
export async function databaseCpu(sys: SystemCtx): Promise<Map<number, number>> {
  const rows = await sys.db.$queryRaw<{ pid: number }[]>`select pid from pg_stat_activity`
  const times = await Promise.all(rows.map(async ({ pid }) => [pid, await processCpuS(pid)] as const))
  return new Map(times.flatMap(([pid, time]) => (time === null ? [] : [[pid, time] as const])))
}

/** Seconds used between two looks, by processes that were there at the second one; null: unknown. */
export function cpuBetween(before: ReadonlyMap<number, number>, after: ReadonlyMap<number, number>): number | null {
  if (after.size === 0) return null
  return [...after].reduce((sum, [pid, time]) => sum + time - (before.get(pid) ?? 0), 0)
}

export async function processCpuS(pid: number): Promise<number | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
  // The name in brackets may hold spaces: count from behind it.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields ? (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND : null
}

/** Seconds of CPU of this process. */
export function ownCpuS(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}
