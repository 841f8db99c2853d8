import type { Tx } from '../context'
import { type NewEvent, recordEvents } from './record-events'

/** Appends an event and rings the bell when the transaction commits. Not for telemetry: notifications serialise commits. */
export async function recordEvent(tx: Tx, event: NewEvent): Promise<bigint> {
  const [seq] = await recordEvents(tx, [event])
  if (seq === undefined) throw new Error('An event was not stored.')
  return seq
}
