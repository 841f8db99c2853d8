import { CHANNEL } from '@clawbernetes/db/listen'
import type { Tx } from '../context'
import type { NewEvent } from './record-event'

/** Appends many events at once and rings once per room when the transaction commits. */
export async function recordEvents(tx: Tx, events: readonly NewEvent[]): Promise<void> {
  if (events.length === 0) return
  const rows = await tx.event.createManyAndReturn({
    data: events.map((event) => ({ ...event, data: event.data ?? {} })),
    select: { seq: true, orgId: true, room: true },
  })
  const newest = new Map<string, (typeof rows)[number]>()
  for (const row of rows) if ((newest.get(row.room)?.seq ?? -1n) < row.seq) newest.set(row.room, row)
  const bells = [...newest.values()].map((row) =>
    JSON.stringify({ topic: 'event', orgId: row.orgId, room: row.room, seq: String(row.seq) }),
  )
  await tx.$executeRaw`select count(pg_notify(${CHANNEL}, bell)) from unnest(${bells}::text[]) as bell`
}
