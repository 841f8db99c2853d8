import type { SystemCtx } from '../context'

const DAY_MS = 86_400_000
export const LOG_DAYS = 14
/** Newest lines of one workload that are kept; a loop that prints for days does not fill the disk. */
export const LOG_LINES_PER_WORKLOAD = 200_000
const BATCH = 20_000

/** Forgets old lines, and the oldest of workloads that print more than their share. In pieces, safe to run twice. */
export async function pruneLogs({
  sys,
  linesPerWorkload = LOG_LINES_PER_WORKLOAD,
}: {
  sys: SystemCtx
  linesPerWorkload?: number
}): Promise<number> {
  const oldest = new Date(sys.now().getTime() - LOG_DAYS * DAY_MS)
  let removed = await inPieces(
    () => sys.db.$executeRaw`
    delete from workload_log where id in (select id from workload_log where at < ${oldest} limit ${BATCH})`,
  )
  const long = await sys.db.$queryRaw<{ workload_id: string; cut: bigint }[]>`
    select w.id as workload_id, l.id as cut from workload w
    join lateral (select id from workload_log where workload_id = w.id order by id desc offset ${linesPerWorkload} limit 1) l on true`
  for (const { workload_id: id, cut } of long)
    removed += await inPieces(
      () => sys.db.$executeRaw`
      delete from workload_log where id in (select id from workload_log where workload_id = ${id} and id <= ${cut} limit ${BATCH})`,
    )
  return removed
}

async function inPieces(piece: () => Promise<number>): Promise<number> {
  let all = 0
  for (;;) {
    const count = await piece()
    all += count
    if (count < BATCH) return all
  }
}
