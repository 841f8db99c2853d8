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
}

/** Appends an event and rings the bell when the transaction commits, in one statement. Not for telemetry: notifications serialise commits. */
export async function recordEvent(tx: Tx, event: NewEvent): Promise<bigint> {
  const data = JSON.stringify(event.data ?? {})
  const [row] = await tx.$queryRaw<{ seq: bigint }[]>`
    with appended as (
      insert into event (org_id, room, kind, entity_id, entity_version, data)
      values (${event.orgId}, ${event.room}, ${event.kind}, ${event.entityId}, ${event.entityVersion}, ${data}::jsonb)
      returning org_id, room, seq
    )
    select seq, pg_notify(${CHANNEL}, json_build_object('topic', 'event', 'orgId', org_id, 'room', room, 'seq', seq::text)::text)::text
    from appended`
  if (!row) throw new Error('An event was not stored.')
  return row.seq
}
