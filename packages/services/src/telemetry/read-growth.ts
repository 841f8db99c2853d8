import { type CounterGrowth, counterGrowth, type CounterRow } from '@clawbernetes/domain/telemetry/counters'
import type { DbOrTx } from '../context'

interface Row extends Omit<CounterRow, 'value' | 'atMs'> {
  gpuId: string
  value: bigint
  at: Date
}

/** Counter rows of GPUs since a moment, with the last one of each counter before it, oldest first. */
export async function readCounterRows(
  db: DbOrTx,
  gpuIds: string[],
  from: Date,
  to: Date,
): Promise<Map<string, CounterRow[]>> {
  const rows = await db.$queryRaw<Row[]>`
    select gpu_id as "gpuId", kind, location, scope, boot_id as "bootId", value, at from (
      select * from telemetry.gpu_counter where gpu_id = any(${gpuIds}) and at >= ${from} and at <= ${to}
      union all
      select distinct on (gpu_id, kind, location, scope) * from telemetry.gpu_counter
      where gpu_id = any(${gpuIds}) and at < ${from} order by gpu_id, kind, location, scope, at desc
    ) rows order by at`
  const byGpu = new Map<string, CounterRow[]>()
  for (const { gpuId, value, at, ...row } of rows) {
    const list = byGpu.get(gpuId) ?? []
    list.push({ ...row, value: Number(value), atMs: at.getTime() })
    byGpu.set(gpuId, list)
  }
  return byGpu
}

/** Growth of each GPU's counters since a moment. A GPU that reports no counters is not in the map. */
export async function readGrowth(
  db: DbOrTx,
  gpuIds: string[],
  from: Date,
  to: Date,
): Promise<Map<string, CounterGrowth[]>> {
  const rows = await readCounterRows(db, gpuIds, from, to)
  return new Map([...rows].map(([gpuId, own]) => [gpuId, counterGrowth(own, from.getTime())]))
}
