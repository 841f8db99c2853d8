import { CHANNEL } from '@clawbernetes/db/listen'
import type { Prisma } from '@clawbernetes/db/rows'
import type { Tx } from '../context'

export interface NewEvent {
  orgId: string
  /** org:<id>, fleet:<org>, node:<id>, workload:<id>, thread:<id>, plan:<id> */
  room: string
  kind: string
  entityId: string
  entityVersion: number
  data?: Prisma.InputJsonObject
  /** What it is about, told with the bell and not stored: its hearers need not come back to ask. */
  news?: Record<string, unknown>
}

/** A bell's payload must stay below 8,000 bytes. */
const MAX_SEQS = 300
const MAX_DATA_BYTES = 1500
const MAX_NEWS_BYTES = 5000

/**
 * Appends events in their order and rings once per room when the transaction commits, in one statement: with the event itself where
 * a room has one and it is small, else with their positions. Returns their sequence numbers.
 */
export async function recordEvents(tx: Tx, events: readonly NewEvent[]): Promise<bigint[]> {
  if (events.length === 0) return []
  const rows = await tx.$queryRaw<{ seq: bigint }[]>`
    with given as (
      select * from unnest(
        ${events.map((e) => e.orgId)}::text[], ${events.map((e) => e.room)}::text[], ${events.map((e) => e.kind)}::text[],
        ${events.map((e) => e.entityId)}::text[], ${events.map((e) => e.entityVersion)}::int[],
        ${events.map((e) => JSON.stringify(e.data ?? {}))}::text[], ${events.map(newsText)}::text[]
      ) with ordinality as g(org_id, room, kind, entity_id, entity_version, data, news, place)
    ), appended as (
      insert into event (org_id, room, kind, entity_id, entity_version, data, at)
      select org_id, room, kind, entity_id, entity_version, data::jsonb, clock_timestamp() from given order by place
      returning org_id, room, seq, kind, entity_id, entity_version, data, at
    ), bells as (
      select json_build_object(
        'topic', 'event', 'orgId', min(org_id), 'room', room, 'seq', max(seq)::text,
        'seqs', case when count(*) > 1 then (array_agg(seq::text order by seq desc))[1:${MAX_SEQS}::int] end,
        'event', case when count(*) = 1 and max(octet_length(data::text)) <= ${MAX_DATA_BYTES}::int then json_build_object(
          'kind', min(kind), 'entityId', min(entity_id), 'entityVersion', min(entity_version),
          'atMs', floor(extract(epoch from min(at)) * 1000), 'data', (array_agg(data))[1]
        ) end,
        'news', case when count(*) = 1 then (select g.news::json from given g where g.room = appended.room) end
      )::text as bell
      from appended group by room
    ), rung as (
      select count(pg_notify(${CHANNEL}, bell)) from bells
    )
    select seq from appended, rung order by seq`
  return rows.map((row) => row.seq)
}

function newsText({ news }: NewEvent): string | null {
  const text = news && JSON.stringify(news)
  return text && Buffer.byteLength(text) <= MAX_NEWS_BYTES ? text : null
}
