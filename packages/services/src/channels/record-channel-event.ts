import type { Tx } from '../context'
import { recordEvent } from '../log/record-event'

/** Tells those who look at the settings that a connection changed. */
export async function recordChannelEvent(
  tx: Tx,
  connection: { id: string; orgId: string; version: number },
): Promise<void> {
  await recordEvent(tx, {
    orgId: connection.orgId,
    room: `org:${connection.orgId}`,
    kind: 'channel.changed',
    entityId: connection.id,
    entityVersion: connection.version,
  })
}
