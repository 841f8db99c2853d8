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

/** Appends an event and rings the bell when the transaction commits. Not for telemetry: notifications serialise commits. */
export async function recordEvent(tx: Tx, event: NewEvent): Promise<bigint> {
  const { seq } = await tx.event.create({ data: { ...event, data: event.data ?? {} }, select: { seq: true } })
  const bell = JSON.stringify({ topic: 'event', orgId: event.orgId, room: event.room, seq: String(seq) })
  await tx.$executeRaw`select pg_notify(${CHANNEL}, ${bell})`
  return seq
}
