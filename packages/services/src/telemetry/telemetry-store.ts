import { type BulkSession, bulkSession, type BulkTx } from '@clawbernetes/db/copy'
import { encodeGpus } from '@clawbernetes/domain/telemetry/layout'
import { CLOCK_AHEAD_MS, LATE_AFTER_MS, OLDEST_SAMPLE_MS } from '@clawbernetes/domain/telemetry/retention'
import type { TelemetryBatch, TelemetrySample } from '@clawbernetes/protocol/node/telemetry'

const DAY_MS = 86_400_000
const MINUTE_MS = 60_000

/** A batch of a proven node, with what its session knows about its GPUs. */
export interface NodeBatch {
  nodeNum: number
  /** Of the machine: counters are comparable within one. */
  machineBootId: string
  gpus: ReadonlyMap<string, { id: string; slot: number }>
  batch: TelemetryBatch
}

export interface TelemetryStore {
  /** Stores each batch once, all in one transaction; at most one batch per node and call. Safe in several processes. */
  store(batches: readonly NodeBatch[]): Promise<{ samples: number; duplicates: number; tooOld: number }>
  close(): Promise<void>
}

/** A writer with a database session of its own, whose commits do not wait for the disk: a crash may cost the last moments. */
export function openTelemetryStore(databaseUrl: string, now: () => Date): TelemetryStore {
  const session = bulkSession(databaseUrl)
  const partitions = partitionKeeper(session, now)
  return {
    store: async (batches) => {
      await partitions()
      return session.transaction((tx) => storeBatches(tx, now().getTime(), batches))
    },
    close: () => session.close(),
  }
}

/** Makes sure, once a day, that yesterday's to tomorrow's partitions are there. */
function partitionKeeper(session: BulkSession, now: () => Date): () => Promise<void> {
  let madeForDay = -1
  return async () => {
    const today = Math.floor(now().getTime() / DAY_MS)
    if (today === madeForDay) return
    const day = (offset: number) => new Date((today + offset) * DAY_MS).toISOString().slice(0, 10)
    await session.transaction((tx) => tx.query('select telemetry.ensure_partitions($1, $2)', [day(-2), day(2)]))
    madeForDay = today
  }
}

interface Row {
  nodeNum: number
  atMs: number
  sample: TelemetrySample
  gpus: string
}

async function storeBatches(tx: BulkTx, nowMs: number, batches: readonly NodeBatch[]) {
  const fresh = await claim(tx, nowMs, batches)
  let tooOld = 0
  const rows: Row[] = []
  for (const item of fresh) {
    const shiftMs = clockShift(item.batch.samples, nowMs)
    for (const sample of item.batch.samples) {
      const atMs = sample.atMs - shiftMs
      if (atMs < nowMs - OLDEST_SAMPLE_MS) tooOld++
      else
        rows.push({
          nodeNum: item.nodeNum,
          atMs,
          sample,
          gpus: arrayText(encodeGpus(sample.gpus, (uuid) => item.gpus.get(uuid)?.slot)),
        })
    }
  }
  if (rows.length > 0) {
    await tx.copy(
      'telemetry.node_sample (at, node, cpu_pct, mem_used_mib, disk_used_mib, net_rx, net_tx, load1, gpus)',
      rows.map(copyLine).join(''),
    )
    await storeLatest(tx, nowMs, rows, fresh)
    await markLate(tx, nowMs, rows)
    await storeCounters(tx, fresh, nowMs)
    await storeProcesses(tx, fresh, nowMs)
  }
  return { samples: rows.length, duplicates: batches.length - fresh.length, tooOld }
}

/**
 * One statement decides which batches are new: a batch is, when its number is above the last one stored of the same run of
 * its node agent. The row stays locked until the commit, so that a repeat through another gateway waits and then is none.
 */
async function claim(tx: BulkTx, nowMs: number, batches: readonly NodeBatch[]): Promise<NodeBatch[]> {
  const sorted = batches.toSorted((a, b) => a.nodeNum - b.nodeNum)
  const rows = await tx.query<{ node: number }>(
    `insert into telemetry.batch_seen as b (node, boot_id, seq, seen_at)
     select *, $4::timestamptz from unnest($1::int[], $2::text[], $3::bigint[])
     on conflict (node, boot_id) do update set seq = excluded.seq, seen_at = excluded.seen_at where b.seq < excluded.seq
     returning node`,
    [sorted.map((s) => s.nodeNum), sorted.map((s) => s.batch.bootId), sorted.map((s) => s.batch.seq), new Date(nowMs)],
  )
  const claimed = new Set(rows.map((row) => row.node))
  return sorted.filter((item) => claimed.has(item.nodeNum))
}

/** A clock that runs ahead would write into days that are not there yet; one that runs behind cannot be told from a buffer. */
function clockShift(samples: readonly TelemetrySample[], nowMs: number): number {
  const newest = Math.max(...samples.map((sample) => sample.atMs))
  return newest > nowMs + CLOCK_AHEAD_MS ? newest - nowMs : 0
}

const arrayText = (values: readonly (number | null)[]): string =>
  `{${values.map((value) => value ?? 'NULL').join(',')}}`
const text = (value: number | null): string => (value === null ? '\\N' : String(value))

function copyLine({ atMs, nodeNum, sample: { host }, gpus }: Row): string {
  const values = [host.cpuPct, host.memUsedMib, host.diskUsedMib, host.netRxBytesPerS, host.netTxBytesPerS, host.load1]
  return `${new Date(atMs).toISOString()}\t${nodeNum}\t${values.map(text).join('\t')}\t${gpus}\n`
}

async function storeLatest(
  tx: BulkTx,
  nowMs: number,
  rows: readonly Row[],
  batches: readonly NodeBatch[],
): Promise<void> {
  const newest = new Map<number, Row>()
  for (const row of rows) if (row.atMs >= (newest.get(row.nodeNum)?.atMs ?? 0)) newest.set(row.nodeNum, row)
  const list = [...newest.values()]
  const dropped = new Map(batches.map((item) => [item.nodeNum, item.batch.dropped]))
  const host = (pick: (row: Row) => number | null) => list.map(pick)
  await tx.query(
    `insert into telemetry.latest as l (node, at, received_at, dropped, cpu_pct, mem_used_mib, disk_used_mib, net_rx, net_tx, load1, gpus)
     select node, at, $3::timestamptz, dropped, cpu, mem, disk, rx, tx, load, gpus::smallint[]
     from unnest($1::int[], $2::timestamptz[], $4::bigint[], $5::real[], $6::real[], $7::real[], $8::real[], $9::real[], $10::real[], $11::text[])
       as v(node, at, dropped, cpu, mem, disk, rx, tx, load, gpus)
     on conflict (node) do update set
       at = greatest(l.at, excluded.at), received_at = excluded.received_at, dropped = l.dropped + excluded.dropped,
       cpu_pct = case when excluded.at >= l.at then excluded.cpu_pct else l.cpu_pct end,
       mem_used_mib = case when excluded.at >= l.at then excluded.mem_used_mib else l.mem_used_mib end,
       disk_used_mib = case when excluded.at >= l.at then excluded.disk_used_mib else l.disk_used_mib end,
       net_rx = case when excluded.at >= l.at then excluded.net_rx else l.net_rx end,
       net_tx = case when excluded.at >= l.at then excluded.net_tx else l.net_tx end,
       load1 = case when excluded.at >= l.at then excluded.load1 else l.load1 end,
       gpus = case when excluded.at >= l.at then excluded.gpus else l.gpus end`,
    [
      list.map((row) => row.nodeNum),
      list.map((row) => new Date(row.atMs)),
      new Date(nowMs),
      list.map((row) => dropped.get(row.nodeNum) ?? 0),
      host((row) => row.sample.host.cpuPct),
      host((row) => row.sample.host.memUsedMib),
      host((row) => row.sample.host.diskUsedMib),
      host((row) => row.sample.host.netRxBytesPerS),
      host((row) => row.sample.host.netTxBytesPerS),
      host((row) => row.sample.host.load1),
      list.map((row) => row.gpus),
    ],
  )
}

/** Minutes that are or soon will be rolled up without these samples. */
async function markLate(tx: BulkTx, nowMs: number, rows: readonly Row[]): Promise<void> {
  const minuteOf = (row: Row) => Math.floor(row.atMs / MINUTE_MS) * MINUTE_MS
  const late = rows.filter((row) => minuteOf(row) + MINUTE_MS + LATE_AFTER_MS <= nowMs)
  if (late.length === 0) return
  await tx.query(
    `insert into telemetry.late_minute (node, at) select distinct * from unnest($1::int[], $2::timestamptz[]) on conflict do nothing`,
    [late.map((row) => row.nodeNum), late.map((row) => new Date(minuteOf(row)))],
  )
}

/** A counter is written when its value or the boot that it counts in differs from the last one known. */
async function storeCounters(tx: BulkTx, batches: readonly NodeBatch[], nowMs: number): Promise<void> {
  const seen = batches.flatMap((item) => {
    const shiftMs = clockShift(item.batch.samples, nowMs)
    return item.batch.samples.flatMap((sample) =>
      sample.counters.flatMap((counter) => {
        const gpu = item.gpus.get(counter.uuid)
        return gpu ? [{ ...counter, gpuId: gpu.id, bootId: item.machineBootId, atMs: sample.atMs - shiftMs }] : []
      }),
    )
  })
  for (const round of rounds(seen, (c) => `${c.gpuId}|${c.kind}|${c.location}|${c.scope}`))
    await tx.query(
      `insert into telemetry.gpu_counter (gpu_id, kind, location, scope, boot_id, value, at)
       select c.gpu_id, c.kind, c.location, c.scope, c.boot_id, c.value, c.at
       from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::timestamptz[])
         as c(gpu_id, kind, location, scope, boot_id, value, at)
       left join lateral (
         select k.value, k.boot_id from telemetry.gpu_counter k
         where k.gpu_id = c.gpu_id and k.kind = c.kind and k.location = c.location and k.scope = c.scope and k.at <= c.at
         order by k.at desc limit 1) last on true
       where last.value is null or last.value <> c.value or last.boot_id <> c.boot_id
       on conflict do nothing`,
      [
        round.map((c) => c.gpuId),
        round.map((c) => c.kind),
        round.map((c) => c.location),
        round.map((c) => c.scope),
        round.map((c) => c.bootId),
        round.map((c) => c.value),
        round.map((c) => new Date(c.atMs)),
      ],
    )
}

/** Splits so that each key occurs once per round, in order: every round sees what the one before wrote. */
function rounds<T>(items: readonly T[], keyOf: (item: T) => string): T[][] {
  const out: T[][] = []
  const nextRound = new Map<string, number>()
  for (const item of items) {
    const round = nextRound.get(keyOf(item)) ?? 0
    nextRound.set(keyOf(item), round + 1)
    ;(out[round] ??= []).push(item)
  }
  return out
}

async function storeProcesses(tx: BulkTx, batches: readonly NodeBatch[], nowMs: number): Promise<void> {
  const told = batches.flatMap((item) => {
    const sample = item.batch.samples.findLast((candidate) => candidate.processes !== undefined)
    return sample ? [{ node: item.nodeNum, processes: JSON.stringify(sample.processes) }] : []
  })
  if (told.length === 0) return
  await tx.query(
    `insert into telemetry.gpu_process (node, at, processes) select node, $3::timestamptz, p::jsonb from unnest($1::int[], $2::text[]) as v(node, p)
     on conflict (node) do update set at = excluded.at, processes = excluded.processes`,
    [told.map((row) => row.node), told.map((row) => row.processes), new Date(nowMs)],
  )
}
