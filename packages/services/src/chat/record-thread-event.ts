import type { Tx } from '../context'
import { recordEvent } from '../log/record-event'

export type ThreadEventKind =
  | 'thread.started'
  | 'thread.message'
  | 'thread.run'
  | 'thread.tool'
  | 'thread.renamed'
  | 'thread.archived'

/** Tells those who look at the thread, and the organisation's list of threads. */
export async function recordThreadEvent(
  tx: Tx,
  orgId: string,
  threadId: string,
  kind: ThreadEventKind,
  entityId: string,
  entityVersion: number,
): Promise<void> {
  await recordEvent(tx, { orgId, room: `thread:${threadId}`, kind, entityId, entityVersion })
  if (kind !== 'thread.tool')
    await recordEvent(tx, { orgId, room: `org:${orgId}`, kind, entityId: threadId, entityVersion })
}
