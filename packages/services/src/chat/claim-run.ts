import type { PageContext } from '@clawbernetes/protocol/views/chat'
import type { ApiScope } from '@clawbernetes/protocol/permissions'
import type { SystemCtx } from '../context'
import { knownScopes } from '../identity/api-key-view'

export interface ClaimedRun {
  id: string
  orgId: string
  threadId: string
  kind: 'turn' | 'continuation'
  onBehalfOf: string
  /** Of the API key the message came with: the turn has no more rights than they give. null: a session. */
  scopes: ApiScope[] | null
  planId: string | null
  message: { id: string; text: string; context: PageContext | null; channel: string } | null
  dialogue: Dialogue
  /** The talk so far without this message, oldest first. */
  history: HistoryMessage[]
  startedAt: Date
}

export interface HistoryMessage {
  role: 'user' | 'agent'
  text: string
  /** What the turn that wrote it had read from machines or strangers. */
  untrusted: string[]
}

/** What a thread is about, kept between turns; `understand` reads it. */
export interface Dialogue {
  focus?: { node?: string; gpu?: number; workload?: string; plan?: string }
  asking?: { intent: string; slots: Record<string, unknown>; slot: string }
  /** `untrusted`: it came of reading text from machines or strangers, and so does what is proposed of it. */
  recommendation?: { intent: string; slots: Record<string, unknown>; untrusted?: string[] }
}

const HISTORY = 12

/**
 * Takes a run for this worker. A run whose worker died is taken over: its half-written traces are cleared, and a plan that it had
 * already proposed is found by its run. null: it is finished, or a run before it in the thread is not.
 */
export async function claimRun(sys: SystemCtx, input: { runId: string }): Promise<ClaimedRun | 'wait' | null> {
  const run = await sys.db.agentRun.findUnique({ where: { id: input.runId }, include: { thread: true } })
  if (!run || run.state === 'done' || run.state === 'failed' || run.state === 'stopped') return null
  const earlier = await sys.db.agentRun.count({
    where: {
      threadId: run.threadId,
      state: { in: ['queued', 'running'] },
      createdAt: { lt: run.createdAt },
      id: { not: run.id },
    },
  })
  if (earlier > 0) return 'wait'
  const startedAt = sys.now()
  const moved = await sys.db.agentRun.updateMany({
    where: { id: run.id, state: { in: ['queued', 'running'] } },
    data: { state: 'running', startedAt },
  })
  if (moved.count === 0) return null
  await sys.db.toolCall.deleteMany({ where: { runId: run.id } })
  await sys.db.message.deleteMany({ where: { runId: run.id, state: 'streaming' } })
  const messages = await sys.db.message.findMany({
    where: { threadId: run.threadId, state: 'complete' },
    orderBy: { seq: 'desc' },
    take: HISTORY + 1,
  })
  const wrote = await sys.db.agentRun.findMany({
    where: { id: { in: messages.flatMap((m) => m.runId ?? []) } },
    select: { id: true, untrusted: true },
  })
  const asked = run.messageId ? await sys.db.message.findUnique({ where: { id: run.messageId } }) : null
  return {
    id: run.id,
    orgId: run.orgId,
    threadId: run.threadId,
    kind: run.kind === 'continuation' ? 'continuation' : 'turn',
    onBehalfOf: run.onBehalfOf,
    scopes: run.scopes === null ? null : knownScopes(run.scopes.split(' ')),
    planId: run.planId,
    startedAt,
    message: asked
      ? { id: asked.id, text: asked.text, context: asked.context as PageContext | null, channel: asked.channel }
      : null,
    dialogue: run.thread.dialogue as Dialogue,
    history: messages
      .filter((m) => m.id !== asked?.id && m.seq < (asked?.seq ?? Number.MAX_SAFE_INTEGER))
      .slice(0, HISTORY)
      .reverse()
      .map((m) => ({
        role: m.role === 'user' ? 'user' : 'agent',
        text: m.text,
        untrusted: wrote.find((r) => r.id === m.runId)?.untrusted ?? [],
      })),
  }
}
