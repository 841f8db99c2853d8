import { type ClaimedRun, claimRun } from '@clawbernetes/services/chat/claim-run'
import { finishRun, newMessageId } from '@clawbernetes/services/chat/finish-run'
import { startNextRun } from '@clawbernetes/services/chat/start-next-run'
import type { SystemCtx } from '@clawbernetes/services/context'
import { ServiceError } from '@clawbernetes/services/errors'
import { agentCtx } from '@clawbernetes/services/identity/actor-of-member'
import type { Logger } from 'pino'
import { answerTurn } from './answer-turn'
import { continueAfterPlan } from './continuation'
import { newCollector } from './turn-collector'

/** One turn of the agent, from claim to stored answer. A repeat after a crash starts the turn anew; nothing is said twice. */
export async function runAgent(sys: SystemCtx, runId: string, log: Logger): Promise<void> {
  const run = await claimRun(sys, { runId })
  // An earlier turn of the thread is not answered yet: it starts this one when it ends.
  if (run === null || run === 'wait') return
  const messageId = newMessageId(sys)
  const collect = newCollector(run.dialogue)
  const { text, error } = await answer(sys, run, collect, log)
  await finishRun(sys, run, {
    text,
    blocks: collect.blocks,
    dialogue: collect.dialogue,
    planner: 'embedded',
    error,
    messageId,
  })
  await startNextRun(sys, { threadId: run.threadId })
}

async function answer(
  sys: SystemCtx,
  run: ClaimedRun,
  collect: ReturnType<typeof newCollector>,
  log: Logger,
): Promise<{ text: string; error: string | null }> {
  try {
    const ctx = await agentCtx(sys, run.orgId, run.onBehalfOf, run.scopes)
    const text =
      run.kind === 'continuation'
        ? await continueAfterPlan(ctx, run, collect)
        : await answerTurn(sys, ctx, run, collect)
    return { text, error: null }
  } catch (error) {
    if (error instanceof ServiceError) return { text: error.message, error: null }
    if (isTransient(error)) throw error
    log.error({ runId: run.id, error: error instanceof Error ? error.stack : String(error) }, 'a turn failed')
    return {
      text: '',
      error: `I could not answer this because of an error of mine (${run.id}). Nothing was changed. Send it again, or ask differently.`,
    }
  }
}

/** The database went away: the queue tries the whole turn again. */
const isTransient = (error: unknown): boolean =>
  error instanceof Error &&
  /ECONNREFUSED|ECONNRESET|terminating connection|Connection terminated|Can't reach database|server closed the connection|P1001|P1017|P2024/.test(
    `${error.message} ${(error as { code?: string }).code ?? ''}`,
  )
