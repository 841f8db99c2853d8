import { type ClaimedRun, claimRun } from '@clawbernetes/services/chat/claim-run'
import { sayEarly } from '@clawbernetes/services/chat/stream-message'
import { finishRun, newMessageId } from '@clawbernetes/services/chat/finish-run'
import { startNextRun } from '@clawbernetes/services/chat/start-next-run'
import type { SystemCtx } from '@clawbernetes/services/context'
import { ServiceError } from '@clawbernetes/services/errors'
import { agentCtx } from '@clawbernetes/services/identity/actor-of-member'
import type { Logger } from 'pino'
import { type Answered, answerWithPlanner } from './choose-planner'
import { continueAfterPlan } from './continuation'
import type { LlmTimes } from './llm/llm-turn'
import { newCollector } from './turn-collector'

/** One turn of the agent, from claim to stored answer. A repeat after a crash starts the turn anew; nothing is said twice. */
export async function runAgent(sys: SystemCtx, runId: string, log: Logger, times?: LlmTimes): Promise<void> {
  const run = await claimRun(sys, { runId })
  // An earlier turn of the thread is not answered yet: it starts this one when it ends.
  if (run === null || run === 'wait') return
  const messageId = newMessageId(sys)
  const collect = newCollector(run.dialogue)
  if (run.message?.channel === 'web')
    collect.say = (beginning) => sayEarly(sys, run, messageId, beginning, collect.steps ?? []).catch(() => {})
  const { text, planner, error } = await answer({ sys, run, collect, messageId, log }, times)
  // First to those who look, then to the database.
  await collect.say?.(text)
  await finishRun(sys, run, {
    text,
    blocks: collect.blocks,
    dialogue: collect.dialogue,
    planner,
    untrusted: collect.untrusted,
    error,
    messageId,
    calls: collect.steps ?? [],
  })
  await startNextRun(sys, { threadId: run.threadId })
}

async function answer(
  turn: {
    sys: SystemCtx
    run: ClaimedRun
    collect: ReturnType<typeof newCollector>
    messageId: string
    log: Logger
  },
  times: LlmTimes | undefined,
): Promise<Answered & { error: string | null }> {
  const { sys, run, collect, log } = turn
  try {
    const ctx = await agentCtx(sys, run.orgId, run.onBehalfOf, run.scopes)
    const answered =
      run.kind === 'continuation'
        ? { text: await continueAfterPlan(sys, ctx, run, collect), planner: 'embedded' }
        : await answerWithPlanner({ ...turn, ctx }, times)
    return { ...answered, error: null }
  } catch (error) {
    if (error instanceof ServiceError) return { text: error.message, planner: 'embedded', error: null }
    if (isTransient(error)) throw error
    log.error({ runId: run.id, error: error instanceof Error ? error.stack : String(error) }, 'a turn failed')
    return {
      text: '',
      planner: 'embedded',
      error: `I could not answer this because of an error of mine (${run.id}). Nothing was changed. Send it again, or ask differently.`,
    }
  }
}

/** The database went away: the queue tries the whole turn again. */
const isTransient = (error: unknown): boolean =>
  error instanceof Error &&
  /ECONNREFUSED|ECONNRESET|terminating connection|Connection terminated|Can't reach database|server closed the connection|P1001|P1017|P2024|P2028/.test(
    `${error.message} ${(error as { code?: string }).code ?? ''}`,
  )
