import type { Prisma } from '@clawbernetes/db/rows'
import type { Tx } from '../context'
import { recordEvents } from './record-events'

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
  const [seq] = await recordEvents(tx, [event])
  if (seq === undefined) throw new Error('An event was not stored.')
  return seq
}
