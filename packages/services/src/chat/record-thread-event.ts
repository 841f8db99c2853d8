import type { Tx } from '../context'
import type { ThreadNews } from './read-thread-news'
import { recordEvents } from '../log/record-events'

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
  /** What the event is about, where it is at hand. */
  news?: ThreadNews,
): Promise<void> {
  const inThread = {
    orgId,
    room: `thread:${threadId}`,
    kind,
    entityId,
    entityVersion,
    ...(news ? { news: { ...news } } : {}),
  }
  const inOrg = { orgId, room: `org:${orgId}`, kind, entityId: threadId, entityVersion }
  await recordEvents(tx, kind === 'thread.tool' ? [inThread] : [inThread, inOrg])
}
