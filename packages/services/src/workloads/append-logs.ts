import { parseMetricsLine } from '@clawbernetes/domain/workloads/parse-metrics-line'
import { logLevelOf } from '@clawbernetes/domain/workloads/log-level'
import type { LogBatch } from '@clawbernetes/protocol/node/replica'
import { inert } from '@clawbernetes/protocol/text'
import type { SystemCtx } from '../context'

export interface AppendedLogs {
  orgId: string
  workloadId: string
  /** Lines that were new. */
  stored: number
}

/**
 * Stores lines of a replica of this node; a line that is there already is ignored. Where the sequence jumps, a line of its
 * own says how many were lost. Metrics that a line carries go to the workload's curves.
 * @returns null when this node has no such replica: nothing was stored
 */
export async function appendLogs({
  sys,
  nodeId,
  batch,
}: {
  sys: SystemCtx
  nodeId: string
  batch: LogBatch
}): Promise<AppendedLogs | null> {
  const replica = await sys.db.replica.findFirst({
    where: { id: batch.replicaId, nodeId },
    select: { id: true, orgId: true, workloadId: true, logSeq: true },
  })
  if (!replica) return null
  const lines = batch.lines.map((line) => ({ ...line, text: inert(line.text, 8000) }))
  const ids = { orgId: replica.orgId, workloadId: replica.workloadId, replicaId: replica.id }
  const rows = [
    ...gaps(lines, replica.logSeq).map((gap) => ({ ...ids, ...gap })),
    ...lines.map((line) => ({
      ...ids,
      seq: line.seq,
      at: new Date(line.atMs),
      stream: line.stream,
      level: logLevelOf(line.text, line.stream),
      text: line.text,
    })),
  ].sort((a, b) => a.seq - b.seq)
  const metrics = lines.flatMap((line) => parseMetricsLine(line.text).map((metric) => ({ ...metric, atMs: line.atMs })))
  const last = Math.max(...lines.map((line) => line.seq))
  const stored = await sys.db.$transaction(async (tx) => {
    const { count } = await tx.workloadLog.createMany({ data: rows, skipDuplicates: true })
    if (last > replica.logSeq)
      await tx.$executeRaw`update replica set log_seq = greatest(log_seq, ${last}) where id = ${replica.id}`
    if (count > 0 && metrics.length > 0) await storeMetrics(tx, ids, metrics)
    return count
  })
  return { orgId: replica.orgId, workloadId: replica.workloadId, stored }
}

interface Gap {
  seq: number
  at: Date
  stream: 'gap'
  level: null
  text: string
}

/** A jump in the sequence stands at the place of the first line that is missing, so that it is written once too. */
function gaps(lines: LogBatch['lines'], knownSeq: number): Gap[] {
  const found: Gap[] = []
  let expected = knownSeq + 1
  for (const line of lines) {
    if (line.seq > expected) {
      const lost = line.seq - expected
      found.push({
        seq: expected,
        at: new Date(line.atMs),
        stream: 'gap',
        level: null,
        text: `${lost.toLocaleString('en')} ${lost === 1 ? 'line' : 'lines'} dropped`,
      })
    }
    expected = Math.max(expected, line.seq + 1)
  }
  return found
}

/** A step that is told again (a training that resumed from a checkpoint) takes the newer value. */
async function storeMetrics(
  tx: Pick<SystemCtx['db'], '$executeRaw'>,
  ids: { orgId: string; workloadId: string; replicaId: string },
  metrics: { name: string; step: number; value: number; atMs: number }[],
): Promise<void> {
  const newest = [...new Map(metrics.map((metric) => [`${metric.name}\n${metric.step}`, metric])).values()]
  await tx.$executeRaw`
    insert into workload_metric (workload_id, replica_id, org_id, name, step, at, value)
    select ${ids.workloadId}, ${ids.replicaId}, ${ids.orgId}, m.name, m.step, m.at, m.value
    from unnest(${newest.map((m) => m.name)}::text[], ${newest.map((m) => m.step)}::int[],
      ${newest.map((m) => new Date(m.atMs))}::timestamptz[], ${newest.map((m) => m.value)}::float8[]) as m(name, step, at, value)
    on conflict (workload_id, name, replica_id, step) do update set value = excluded.value, at = excluded.at
      where excluded.at >= workload_metric.at`
}
