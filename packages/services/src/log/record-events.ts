import { CHANNEL } from '@clawbernetes/db/listen'
import type { Tx } from '../context'
import type { NewEvent } from './record-event'

/**
 * Appends events in their order and rings once per room when the transaction commits, in one statement.
 * Returns their sequence numbers.
 */
export async function recordEvents(tx: Tx, events: readonly NewEvent[]): Promise<bigint[]> {
  if (events.length === 0) return []
  const rows = await tx.$queryRaw<{ seq: bigint }[]>`
    with given as (
      select * from unnest(
        ${events.map((e) => e.orgId)}::text[], ${events.map((e) => e.room)}::text[], ${events.map((e) => e.kind)}::text[],
        ${events.map((e) => e.entityId)}::text[], ${events.map((e) => e.entityVersion)}::int[],
        ${events.map((e) => JSON.stringify(e.data ?? {}))}::text[]
      ) with ordinality as g(org_id, room, kind, entity_id, entity_version, data, place)
    ), appended as (
      insert into event (org_id, room, kind, entity_id, entity_version, data, at)
      select org_id, room, kind, entity_id, entity_version, data::jsonb, clock_timestamp() from given order by place
      returning org_id, room, seq
    ), bells as (
      select json_build_object('topic', 'event', 'orgId', min(org_id), 'room', room, 'seq', max(seq)::text)::text as bell
      from appended group by room
    ), rung as (
      select count(pg_notify(${CHANNEL}, bell)) from bells
    )
    select seq from appended, rung order by seq`
  return rows.map((row) => row.seq)
}
