import type { MessageView, ToolCallView } from '@clawbernetes/protocol/views/chat'

/** What travels over /realtime to browsers. The server side is apps/web/realtime. */
export type RoomEvent = {
  room: string
  /** Position in the event log: strictly rising within a room. */
  seq: number
  /** "plan.decided", "thread.message.complete", … */
  kind: string
  /** The entity the event is about, and its version after the change. */
  id: string
  version: number
  atMs: number
  data: Record<string, unknown>
  /** What the event is about, where it is small and asked for at once: a message, a step of the agent. */
  message?: MessageView
  toolCall?: ToolCallView & { runId: string }
}

/** Words of an answer while it is being written: `at` is the offset in the message where `text` belongs. */
export type MessageDelta = {
  threadId: string
  messageId: string
  text: string
  at: number
  /** The run of an answer that is being stored just now, and the steps that stand above its words. */
  run?: { id: string; steps: Pick<ToolCallView, 'id' | 'ordinal' | 'name' | 'title' | 'state' | 'durationMs'>[] }
}

export type SubscribeRequest = { room: string; sinceSeq: number | null }
export type SubscribeReply =
  | {
      ok: true
      serverNowMs: number
      events: RoomEvent[] /** More was missed than can be replayed: read afresh. */
      resync: boolean
    }
  | { ok: false; reason: string }

/** `looking`: what the person has on screen, as page:/nodes/x, thread:x, plan:x. */
export type PresentPerson = { userId: string; name: string; looking: string[] }
