import { Prisma } from '@clawbernetes/db/rows'
import type { SeriesPlan } from '@clawbernetes/domain/telemetry/series-window'
import { fillSeries } from '@clawbernetes/domain/telemetry/series-window'
import type { Series } from '@clawbernetes/protocol/views/series'
import type { DbOrTx } from '../context'

/** One series of a node: how it is read from raw rows and from rollups, and how a stored number becomes a value. */
export interface SeriesColumn {
  raw: Prisma.Sql
  rollupAvg: Prisma.Sql
  rollupPeak: Prisma.Sql
  /** The worst of a bucket. */
  peak: 'max' | 'min'
  toValue: (stored: number | null) => number | null
}

/**
 * Reads columns of one node in buckets, in one pass. Rollups answer as far as they are done, finer rows after that, so that
 * the newest minutes are never missing. Means are weighted by samples.
 */
export async function readBuckets(
  db: DbOrTx,
  nodeNum: number,
  plan: SeriesPlan,
  columns: readonly SeriesColumn[],
): Promise<Series[]> {
  if (columns.length === 0) return []
  const done = await rollupsDone(db)
  const from = new Date(plan.fromMs)
  const to = new Date(plan.toMs)
  const parts: Prisma.Sql[] = []
  let covered = from
  const rollup = (table: Prisma.Sql, until: Date) => {
    const end = until < to ? until : to
    if (end <= covered) return
    parts.push(Prisma.sql`select at, samples::float8 as w, ${list(columns, (c) => c.rollupAvg, 'a')}, ${list(columns, (c) => c.rollupPeak, 'p')}
      from ${table} where node = ${nodeNum} and at >= ${covered} and at < ${end}`)
    covered = end
  }
  if (plan.source === 'hour') rollup(Prisma.sql`telemetry.node_hour`, done.hour)
  if (plan.source !== 'raw') rollup(Prisma.sql`telemetry.node_minute`, done.minute)
  if (covered < to)
    parts.push(Prisma.sql`select at, 1::float8 as w, ${list(columns, (c) => c.raw, 'a')}, ${list(columns, (c) => c.raw, 'p')}
      from telemetry.node_sample where node = ${nodeNum} and at >= ${covered} and at < ${to}`)
  const sums = columns.map((column, i) => {
    const a = Prisma.raw(`a${i}`)
    const p = Prisma.raw(`p${i}`)
    return Prisma.sql`(sum(${a} * w) / nullif(sum(w) filter (where ${a} is not null), 0))::float8 as ${a}, ${Prisma.raw(column.peak)}(${p})::float8 as ${p}`
  })
  const rows = await db.$queryRaw<Record<string, number | Date | null>[]>`
    select date_bin(${`${plan.stepMs} milliseconds`}::interval, at, 'epoch'::timestamptz) as at, ${Prisma.join(sums)}
    from (${Prisma.join(parts, ' union all ')}) src group by 1`
  const atMs = (row: Record<string, number | Date | null>) => (row.at as Date).getTime()
  return columns.map((column, i) => ({
    avg: fillSeries(plan, rows, atMs, (row) => column.toValue(row[`a${i}`] as number | null)),
    peak: fillSeries(plan, rows, atMs, (row) => column.toValue(row[`p${i}`] as number | null)),
  }))
}

const list = (columns: readonly SeriesColumn[], pick: (column: SeriesColumn) => Prisma.Sql, name: string): Prisma.Sql =>
  Prisma.join(columns.map((column, i) => Prisma.sql`${pick(column)}::float8 as ${Prisma.raw(`${name}${i}`)}`))

/** Up to when each rollup is complete. */
export async function rollupsDone(db: DbOrTx): Promise<{ minute: Date; hour: Date }> {
  const rows = await db.$queryRaw<
    { kind: string; done_until: Date }[]
  >`select kind, done_until from telemetry.rollup_state`
  const of = (kind: string) => rows.find((row) => row.kind === kind)?.done_until ?? new Date(0)
  return { minute: of('minute'), hour: of('hour') }
}
