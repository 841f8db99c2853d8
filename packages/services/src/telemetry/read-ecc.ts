import { eccGrowth } from '@clawbernetes/domain/telemetry/counters'
import type { DbOrTx } from '../context'
import { readGrowth } from './read-growth'

export interface EccGrowth {
  /** null: the GPU does not report this kind. */
  corrected: number | null
  uncorrected: number | null
}

/**
 * Growth of ECC errors per GPU since a moment, for whole fleets: counters that never left zero are only asked for their
 * existence, the few that did are read with their history. A GPU that reports no ECC is not in the map.
 */
export async function readEcc(db: DbOrTx, gpuIds: string[], from: Date, to: Date): Promise<Map<string, EccGrowth>> {
  const collected = await db.$queryRaw<{ gpuId: string; corrected: boolean; uncorrected: boolean; moved: boolean }[]>`
    select gpu_id as "gpuId", bool_or(kind = 'ecc-corrected') as corrected, bool_or(kind = 'ecc-uncorrected') as uncorrected, bool_or(value > 0) as moved
    from telemetry.gpu_counter where gpu_id = any(${gpuIds}) and kind in ('ecc-corrected', 'ecc-uncorrected') group by gpu_id`
  const moved = collected.flatMap((row) => (row.moved ? [row.gpuId] : []))
  const growth = moved.length > 0 ? await readGrowth(db, moved, from, to) : new Map()
  return new Map(
    collected.map((row) => {
      const own = growth.get(row.gpuId) ?? []
      return [
        row.gpuId,
        {
          corrected: row.corrected ? (eccGrowth(own, 'ecc-corrected') ?? 0) : null,
          uncorrected: row.uncorrected ? (eccGrowth(own, 'ecc-uncorrected') ?? 0) : null,
        },
      ]
    }),
  )
}
