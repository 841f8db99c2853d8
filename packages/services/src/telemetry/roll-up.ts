import { ROLLUP_LAG_MS, RETENTION } from '@clawbernetes/domain/telemetry/retention'
import type { SystemCtx, Tx } from '../context'
import { rollFleetMinutes, rollHours, rollMinutes } from './rollup-sql'

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000
/** One transaction rolls up so much at most: short transactions, and a downtime is made up for piece by piece. */
const MINUTES_PER_STEP = 10
const HOURS_PER_STEP = 6
const TIMEOUT_MS = 60_000

export interface RolledUp {
  minutes: number
  hours: number
  late: number
}

/**
 * Brings minute, fleet and hour rows up to date. One process at a time does the work, others find the lock taken and leave;
 * a repeat writes the same rows again. After a downtime it goes on where it stopped.
 */
export async function rollUp({ sys }: { sys: SystemCtx }): Promise<RolledUp> {
  const rolled: RolledUp = { minutes: 0, hours: 0, late: 0 }
  for (;;) {
    const minutes = await step(sys, stepMinutes)
    if (minutes === 0) break
    rolled.minutes += minutes
  }
  for (;;) {
    const late = await step(sys, stepLate)
    if (late === 0) break
    rolled.late += late
  }
  for (;;) {
    const hours = await step(sys, stepHours)
    if (hours === 0) break
    rolled.hours += hours
  }
  return rolled
}

/** Runs one step under the lock; 0 when another process holds it or nothing is left. */
function step(sys: SystemCtx, work: (tx: Tx, nowMs: number) => Promise<number>): Promise<number> {
  return sys.db.$transaction(
    async (tx) => {
      const [lock] = await tx.$queryRaw<
        { taken: boolean }[]
      >`select pg_try_advisory_xact_lock(hashtext('telemetry.rollup')) as taken`
      if (!lock?.taken) return 0
      // Today's partition has no statistics yet; on the guess that it is small, the planner would walk rows in pairs.
      await tx.$executeRaw`set local enable_nestloop = off`
      return work(tx, sys.now().getTime())
    },
    { timeout: TIMEOUT_MS, maxWait: TIMEOUT_MS },
  )
}

async function stepMinutes(tx: Tx, nowMs: number): Promise<number> {
  const until = floor(nowMs - ROLLUP_LAG_MS, MINUTE_MS)
  const from = (await doneUntil(tx, 'minute')) ?? (await firstSample(tx, until))
  const start = Math.max(from, floor(nowMs - RETENTION.rawMs, MINUTE_MS))
  const end = Math.min(until, start + MINUTES_PER_STEP * MINUTE_MS)
  if (end <= start) return 0
  await ensurePartitions(tx, start, nowMs)
  await rollMinutes(tx, new Date(start), new Date(end), null)
  await rollFleetMinutes(tx, new Date(start), new Date(end))
  await setDone(tx, 'minute', end)
  return (end - start) / MINUTE_MS
}

/** Minutes whose samples came after they were rolled up: again, for the nodes concerned, with their hours. */
async function stepLate(tx: Tx, nowMs: number): Promise<number> {
  const done = await doneUntil(tx, 'minute')
  if (done === null) return 0
  const rows = await tx.$queryRaw<{ node: number; at: Date }[]>`delete from telemetry.late_minute where at in (
      select distinct at from telemetry.late_minute where at < ${new Date(done)} order by at limit ${MINUTES_PER_STEP})
    returning node, at`
  if (rows.length === 0) return 0
  await ensurePartitions(tx, Math.min(...rows.map((row) => row.at.getTime())), nowMs)
  const byMinute = new Map<number, number[]>()
  for (const { node, at } of rows) byMinute.set(at.getTime(), [...(byMinute.get(at.getTime()) ?? []), node])
  for (const [minute, nodes] of byMinute) {
    await rollMinutes(tx, new Date(minute), new Date(minute + MINUTE_MS), nodes)
    await rollFleetMinutes(tx, new Date(minute), new Date(minute + MINUTE_MS))
  }
  const hoursDone = (await doneUntil(tx, 'hour')) ?? 0
  for (const hour of new Set([...byMinute.keys()].map((minute) => floor(minute, HOUR_MS))))
    if (hour < hoursDone) await rollHours(tx, new Date(hour), new Date(hour + HOUR_MS))
  return rows.length
}

async function stepHours(tx: Tx, nowMs: number): Promise<number> {
  const minutesDone = await doneUntil(tx, 'minute')
  if (minutesDone === null) return 0
  const until = floor(minutesDone, HOUR_MS)
  const from = (await doneUntil(tx, 'hour')) ?? (await firstMinute(tx, until))
  const end = Math.min(until, from + HOURS_PER_STEP * HOUR_MS)
  if (end <= from) return 0
  await ensurePartitions(tx, from, nowMs)
  await rollHours(tx, new Date(from), new Date(end))
  await setDone(tx, 'hour', end)
  return (end - from) / HOUR_MS
}

const floor = (ms: number, unitMs: number): number => Math.floor(ms / unitMs) * unitMs

async function doneUntil(tx: Tx, kind: 'minute' | 'hour'): Promise<number | null> {
  const [row] = await tx.$queryRaw<
    { done_until: Date }[]
  >`select done_until from telemetry.rollup_state where kind = ${kind}`
  return row?.done_until.getTime() ?? null
}

async function setDone(tx: Tx, kind: 'minute' | 'hour', untilMs: number): Promise<void> {
  await tx.$executeRaw`
    insert into telemetry.rollup_state (kind, done_until) values (${kind}, ${new Date(untilMs)})
    on conflict (kind) do update set done_until = excluded.done_until`
}

async function firstSample(tx: Tx, fallbackMs: number): Promise<number> {
  const [row] = await tx.$queryRaw<{ at: Date | null }[]>`select min(at) as at from telemetry.node_sample`
  return row?.at ? floor(row.at.getTime(), MINUTE_MS) : fallbackMs
}

async function firstMinute(tx: Tx, fallbackMs: number): Promise<number> {
  const [row] = await tx.$queryRaw<{ at: Date | null }[]>`select min(at) as at from telemetry.node_minute`
  return row?.at ? floor(row.at.getTime(), HOUR_MS) : fallbackMs
}

async function ensurePartitions(tx: Tx, fromMs: number, nowMs: number): Promise<void> {
  const day = (ms: number) => new Date(ms).toISOString().slice(0, 10)
  await tx.$executeRaw`select telemetry.ensure_partitions(${day(fromMs)}::date, ${day(nowMs + 2 * DAY_MS)}::date)`
}
