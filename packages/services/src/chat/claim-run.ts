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
/** Steps of a request that wait until the plan of the step before is done. */
export interface HeldSteps {
  planId: string
  /** The person's words. */
  text: string
  /** Of the first of them, among all steps of the request. */
  from: number
  of: number
  steps: { intent: string; slots: Record<string, unknown> }[]
  untrusted: string[]
}

export interface Dialogue {
  focus?: { node?: string; gpu?: number; workload?: string; plan?: string }
  asking?: { intent: string; slots: Record<string, unknown>; slot: string }
  /** `untrusted`: it came of reading text from machines or strangers, and so does what is proposed of it. */
  recommendation?: {
    intent: string
    slots: Record<string, unknown>
    untrusted?: string[]
    /** The card that came with it. */
    plan?: { id: string; digest: string }
  }
  then?: HeldSteps[]
}

const HISTORY = 12

interface ClaimRow {
  orgId: string
  threadId: string
  kind: string
  onBehalfOf: string
  scopes: string | null
  messageId: string | null
  planId: string | null
  dialogue: Dialogue
  /** It was at work already: its worker died. */
  takenOver: boolean
  /** An earlier run of the thread is not answered yet. */
  waits: boolean
}

/**
 * Takes a run for this worker. A run whose worker died is taken over: its half-written traces are cleared, and a plan that it had
 * already proposed is found by its run. null: it is finished, or a run before it in the thread is not.
 */
export async function claimRun(sys: SystemCtx, input: { runId: string }): Promise<ClaimedRun | 'wait' | null> {
  const startedAt = sys.now()
  const run = await takeRun(sys, input.runId, startedAt)
  if (!run) return null
  if (run.waits) return 'wait'
  if (run.takenOver) {
    await sys.db.toolCall.deleteMany({ where: { runId: input.runId } })
    await sys.db.message.deleteMany({ where: { runId: input.runId, state: 'streaming' } })
  }
  const { asked, history } = await readTalk(sys, run)
  return {
    id: input.runId,
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
    dialogue: run.dialogue,
    history,
  }
}

/** Marks the run as at work, unless it has ended or an earlier one of its thread goes first: one statement, so that it happens once. */
async function takeRun(sys: SystemCtx, runId: string, at: Date): Promise<ClaimRow | undefined> {
  const [row] = await sys.db.$queryRaw<ClaimRow[]>`
    with found as (
      select r.*, exists (
        select 1 from agent_run e
        where e.thread_id = r.thread_id and e.state in ('queued', 'running') and e.created_at < r.created_at
      ) as waits
      from agent_run r where r.id = ${runId} and r.state in ('queued', 'running') for update of r
    ), taken as (
      update agent_run set state = 'running', started_at = ${at}
      from found where agent_run.id = found.id and not found.waits
    )
    select f.org_id as "orgId", f.thread_id as "threadId", f.kind, f.on_behalf_of as "onBehalfOf", f.scopes,
      f.message_id as "messageId", f.plan_id as "planId", t.dialogue, f.state = 'running' as "takenOver", f.waits
    from found f join thread t on t.id = f.thread_id`
  return row
}

interface TalkRow {
  id: string
  seq: number
  role: string
  text: string
  context: unknown
  channel: string
  untrusted: string[] | null
}

async function readTalk(
  sys: SystemCtx,
  run: ClaimRow,
): Promise<{ asked: TalkRow | undefined; history: HistoryMessage[] }> {
  const rows = await sys.db.$queryRaw<TalkRow[]>`
    (
      select m.id, m.seq, m.role, m.text, m.context, m.channel, r.untrusted
      from message m left join agent_run r on r.id = m.run_id
      where m.thread_id = ${run.threadId} and m.state = 'complete' order by m.seq desc limit ${HISTORY + 1}
    )
    union
    select m.id, m.seq, m.role, m.text, m.context, m.channel, null from message m where m.id = ${run.messageId}`
  const asked = rows.find((m) => m.id === run.messageId)
  const before = rows.filter((m) => m.seq < (asked?.seq ?? Number.MAX_SAFE_INTEGER)).sort((a, b) => a.seq - b.seq)
  return {
    asked,
    history: before.slice(-HISTORY).map((m) => ({
      role: m.role === 'user' ? 'user' : 'agent',
      text: m.text,
      untrusted: m.untrusted ?? [],
    })),
  }
}
